/// Calls that concern what runs in pods.
public struct PodCalls: Sendable {
  let client: KubernetesClient
}
