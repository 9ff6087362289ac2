import { Link } from "@tanstack/react-router";

interface SkuLinkProps {
  readonly sku: string;
  /** For lists in which only one link at a time is reached by Tab. */
  readonly tabIndex?: number;
}

/** A SKU's code, as the way to why its numbers are what they are. */
export function SkuLink({ sku, tabIndex }: SkuLinkProps) {
  return (
    <Link to="/skus/$sku" params={{ sku }} tabIndex={tabIndex}>
      {sku}
    </Link>
  );
}
