import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev -w @onepool/dashboard` finds the server; everything that is not a screen goes there. */
const server = process.env["ONEPOOL_DEV_SERVER"] ?? "http://127.0.0.1:4040";

export default defineConfig({
  plugins: [react()],
  build: {
    // The newest two years of browsers: dense screens need no older ones, and the bundle stays small.
    target: "baseline-widely-available",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/v1", "/health", "/ready", "^/\\?link="].map((path) => [
        path,
        { target: server, changeOrigin: true },
      ]),
    ),
  },
});
