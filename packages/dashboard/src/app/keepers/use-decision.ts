import { useMutation, useQueryClient } from "@tanstack/react-query";

import { keepersKey } from "../../features/intake/api/get-keepers.ts";

/** Does what a person decided, and reads anew what it changed: nothing is shown as done before the server says so. */
export function useDecision<Asked, Answer>(
  act: (asked: Asked) => Promise<Answer>,
  { onDone }: { readonly onDone?: () => void } = {},
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: keepersKey });
      onDone?.();
    },
  });
}
