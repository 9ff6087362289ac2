import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";

import { ChannelsPage } from "./channels/channels-page.tsx";
import { PreviewPage } from "./channels/preview-page.tsx";
import { KeepersPage } from "./keepers/keepers-page.tsx";
import { PoolPage } from "./pool/pool-page.tsx";
import { readPoolSearch } from "./pool/pool-search.ts";
import { CrashPage } from "./shell/crash-page.tsx";
import { NotFoundPage } from "./shell/not-found-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { SkuPage } from "./sku/sku-page.tsx";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const pool = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readPoolSearch,
  component: PoolPage,
});

const sku = createRoute({
  getParentRoute: () => root,
  path: "/skus/$sku",
  component: SkuPage,
});

const channels = createRoute({ getParentRoute: () => root, path: "/channels", component: ChannelsPage });

const preview = createRoute({
  getParentRoute: () => root,
  path: "/channels/$connection",
  component: PreviewPage,
});

const keepers = createRoute({ getParentRoute: () => root, path: "/keepers", component: KeepersPage });

/** All pages. What a page is looking at stands in its address, so that it can be kept and sent. */
export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([pool, sku, channels, preview, keepers]),
    defaultPreload: false,
    scrollRestoration: true,
    defaultErrorComponent: CrashPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
