// Signs drawn on a grid of 16, in the colour of the text around them. Each stands beside a word or has a label.

const paths = {
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.4 10.4 14 14",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M8 12.5v-9M4.5 7 8 3.5 11.5 7",
  down: "M8 3.5v9M4.5 9 8 12.5 11.5 9",
  check: "M3 8.5 6.5 12 13 4.5",
  differs: "M3.5 6h9M3.5 10h9M10.5 3l-5 10",
  moving: "M2.5 8h10.5M9 4l4 4-4 4",
  silent: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3.2l2 1.3",
  held: "M5.5 3.5v9M10.5 3.5v9",
  alert: "M8 2.2 14.5 13.5H1.5L8 2.2ZM8 6.5v3.2M8 11.6v.1",
  bell: "M8 2a4 4 0 0 1 4 4v3l1.3 2.5H2.7L4 9V6a4 4 0 0 1 4-4ZM6.7 13.7h2.6",
  back: "M13 8H3M7 4 3 8l4 4",
  language:
    "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2ZM2 8h12M8 2c2 1.8 2.6 3.8 2.6 6S10 12.2 8 14C6 12.2 5.400 10.200 5.400 8S6 3.800 8 2Z",
  scheme: "M8 2a6 6 0 1 0 0 12V2ZM8 2a6 6 0 0 1 0 12",
  pool: "M2 6c2-2 4-2 6 0s4 2 6 0M2 10.500c2-2 4-2 6 0s4 2 6 0",
} as const;

export type IconName = keyof typeof paths;

/** Decoration for eyes: screen readers get the word beside it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
