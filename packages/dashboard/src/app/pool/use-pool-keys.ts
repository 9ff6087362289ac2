import { useEffect, type RefObject } from "react";

interface PoolKeys {
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly onSortAgain: () => void;
}

/** `/` goes to the search and `r` sorts again, unless one is typing. */
export function usePoolKeys({ searchField, onSortAgain }: PoolKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "/") {
        event.preventDefault();
        searchField.current?.focus();
      }
      if (event.key === "r") onSortAgain();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [searchField, onSortAgain]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}
