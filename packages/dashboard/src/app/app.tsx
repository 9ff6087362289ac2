import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { shouldAskAgain } from "../api/retry.ts";
import { LanguageProvider } from "../locales/language.tsx";
import { resolveVariables, theme } from "../theme/tokens.ts";
import { createAppRouter } from "./router.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: shouldAskAgain,
      // The stream says what changed; a page that is looked at again has missed nothing.
      refetchOnWindowFocus: false,
      staleTime: 5_000,
      // Whether the server answers is found by asking: a browser is often wrong about being online.
      networkMode: "always",
    },
  },
});
const router = createAppRouter();
/** `public/color-scheme.js` reads the same key before the first paint. */
const colorScheme = localStorageColorSchemeManager({ key: "onepool-color-scheme" });

/** Everything a page needs around it. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
