// The pages that people see without a session. No script, no file beside them: nothing else is open to them.
import { plainPage as page } from "./plain-page.ts";

/** Shown to a browser without a session. */
export const SIGN_IN_PAGE = page(
  "Sign in to Onepool",
  `<p>Open the link that the server printed when it started. It works once, in one browser.</p>
<p>For another one, run this on the server's machine:</p>
<pre>npm run onepool -- link</pre>`,
);

/** Shown to a browser whose link was used before, is too old or was cut off. */
export const LINK_ENDED_PAGE = page(
  "This link no longer works",
  `<p>A sign-in link works once, within a day. For another one, run this on the server's machine:</p>
<pre>npm run onepool -- link</pre>`,
);

/**
 * Leads to the dashboard from a page of our own. A redirect would not do: coming from a link on another site, the
 * browser would leave out the strict cookie it has just been given.
 */
export const SIGNED_IN_PAGE = page(
  "Signed in",
  `<p><a href="/">Go on to Onepool</a></p>`,
  `<meta http-equiv="refresh" content="0;url=/">`,
);
