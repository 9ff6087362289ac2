// The visual language in values (docs/visual-language.md says why). Style sheets use these variables and no colour,
// size of type or radius of their own.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** Lightest to darkest. Deep water: links, focus, what can be pressed. */
const harbor: MantineColorsTuple = [
  "#e6f4f8",
  "#cfe6ee",
  "#a3cedd",
  "#73b4ca",
  "#4d9eba",
  "#2f8aa9",
  "#1a7592",
  "#0f5c73",
  "#0b495c",
  "#063646",
];

/** Greys with a trace of blue; the dark half is the dark scheme's ground. */
const slate: MantineColorsTuple = [
  "#e9edf0",
  "#c9d1d7",
  "#a5b0b9",
  "#8b97a1",
  "#3a444d",
  "#2a323a",
  "#20272e",
  "#181e24",
  "#12171c",
  "#0d1115",
];

const fontFamily =
  '"Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: "harbor",
  primaryShade: { light: 7, dark: 3 },
  colors: { harbor, dark: slate },
  autoContrast: true,
  fontFamily,
  headings: { fontFamily, fontWeight: "600" },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.375rem" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "0.75rem", lg: "1rem", xl: "1.5rem" },
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "16px" },
  defaultRadius: "sm",
  cursorType: "pointer",
});

/** One name per job, one value per scheme. Text on its own ground reaches 4.5:1, large numbers and marks 3:1. */
const colours = {
  //                 light      dark
  ground: ["#f4f6f7", "#0d1115"],
  surface: ["#ffffff", "#12171c"],
  "surface-sunken": ["#eef1f3", "#181e24"],
  "surface-hover": ["#f0f5f7", "#1a2129"],
  "surface-active": ["#e4eff3", "#16303a"],
  line: ["#e2e6e9", "#252d34"],
  "line-strong": ["#c6cdd3", "#3a444d"],
  text: ["#161b20", "#e9edf0"],
  "text-muted": ["#55606a", "#a5b0b9"],
  "text-faint": ["#66717b", "#8f9ba5"],
  accent: ["#0f5c73", "#73b4ca"],
  focus: ["#1a7592", "#73b4ca"],
  changed: ["rgba(47, 138, 169, 0.26)", "rgba(77, 158, 186, 0.36)"],
  critical: ["#a8201a", "#ff9a92"],
  "critical-ground": ["#fcebea", "#3a1917"],
  warning: ["#7f4f00", "#f0bd62"],
  "warning-ground": ["#fdf2dc", "#33270f"],
  moving: ["#0b5a93", "#86bff0"],
  "moving-ground": ["#e5f1fb", "#12283b"],
  calm: ["#1d6a3f", "#7fcf9f"],
  "calm-ground": ["#e6f4ea", "#122b1d"],
} as const;

function variables(scheme: 0 | 1): Record<string, string> {
  return Object.fromEntries(
    Object.entries(colours).map(([name, values]) => [`--op-${name}`, values[scheme]]),
  );
}

/** Gives Mantine's own variables our values too, so that its parts and ours are of one piece. */
export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {
    "--op-row": "2.5rem",
    "--op-row-phone": "4.75rem",
    "--op-number": "1.125rem",
    "--op-number-large": "3.5rem",
    "--op-bar": "3rem",
  },
  light: { ...variables(0), ...mantineOverrides },
  dark: { ...variables(1), ...mantineOverrides },
});

const mantineOverrides = {
  "--mantine-color-body": "var(--op-ground)",
  "--mantine-color-text": "var(--op-text)",
  "--mantine-color-dimmed": "var(--op-text-muted)",
  "--mantine-color-placeholder": "var(--op-text-faint)",
  "--mantine-color-anchor": "var(--op-accent)",
  "--mantine-color-default-border": "var(--op-line-strong)",
  "--mantine-color-default": "var(--op-surface)",
};
