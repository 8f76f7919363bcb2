import Testing
import WorkloadSpec

@testable import KubernetesProvider

@Suite("What a target of a cluster may say")
struct TargetTests {
  @Test("A target that says nothing means the cluster that kubectl means")
  func saysNothing() {
    let target = KubernetesTarget()
    #expect(target.kubeconfig == nil)
    #expect(target.context == nil)
    #expect(!target.createNamespace)
  }
}
