// Sets the colour scheme before the first paint, so that a dark screen never flashes white.
(function () {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("onepool-color-scheme") || "auto";
  } catch {
    // Storage may be forbidden: the system's scheme is a good answer.
  }
  const dark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
