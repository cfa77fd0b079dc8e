/**
 * The name in the graph of a source's subscription field: `changed` of the namespace `reviews` is
 * `Subscription.reviewsChanged`. A subscription has one root field (GraphQL specification, section 5.2.3.1), and that
 * must be the stream itself, so it cannot stand under an object for the namespace as other operations do.
 */
export function subscriptionField(namespace: string, field: string): string {
  return namespace === '' ? field : `${namespace}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
