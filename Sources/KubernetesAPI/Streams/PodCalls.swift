/// Calls that concern what runs in pods.
package struct PodCalls: Sendable {
  let client: KubernetesClient
}
