/** Whether a source is what a subgraph calls another: it may have a name that no source may, `product-catalog` for `product_catalog`. */
export function isCalled(source: string, subgraph: string): boolean {
  return source === subgraph || source === subgraph.replace(/\W/g, '_');
}
