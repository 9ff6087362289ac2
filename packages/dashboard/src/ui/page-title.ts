import { useEffect } from "react";

/** Names the page in its tab and in the history. */
export function usePageTitle(...parts: readonly string[]): void {
  const title = parts.join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
