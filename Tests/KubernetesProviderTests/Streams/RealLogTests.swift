import Planning
import ProviderKit
import Synchronization
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

@Suite("Logs of real pods", .enabled(if: RealCluster.hasNode, RealCluster.skipped)) struct RealLogTests {
  private func reader(_ pods: RealPods, _ query: LogQuery) -> PodLogReader {
    PodLogReader(
      client: pods.cluster, namespace: pods.namespace, selection: RealPods.selection, query: query
    ) { InstanceID(name: $0.name) }
  }

  private func read(_ pods: RealPods, _ query: LogQuery) async throws -> [LogLine] {
    let lines = Lines()
    try await reader(pods, query).read { lines.add($0) }
    return lines.all
  }

  @Test("lines of all pods and services come by time, and those that are wanted")
  func readsAll() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let pods = RealPods(cluster: cluster, namespace: namespace)
      let script = "echo one; sleep 1; echo two >&2; sleep 1; echo three"
      for name in ["shop-1", "shop-2"] {
        try await pods.make(name, ["api": script, "log": "echo side; sleep 600"])
      }
      for name in ["shop-1", "shop-2"] { _ = try await pods.started(name) }
      var lines: [LogLine] = []
      while lines.count < 8 { lines = try await read(pods, LogQuery()) }
      #expect(lines.map(\.at) == lines.map(\.at).sorted())
      #expect(
        lines.filter { $0.instance == InstanceID(name: "shop-2") && $0.service == "api" }.map(\.text) == [
          "one", "two", "three",
        ])
      let some = try await read(pods, LogQuery(services: ["api"], instances: ["shop-1"], tail: 2))
      #expect(some.map(\.text) == ["two", "three"])
      let later = try await read(pods, LogQuery(services: ["api"], since: some[1].at))
      #expect(later.map(\.text).allSatisfy { $0 == "three" } && !later.isEmpty)
      #expect(try await read(pods, LogQuery(services: ["unknown"])) == [])
    }
  }

  @Test(
    "a container that restarts, and a pod that takes another's place, are followed without losing or repeating a line"
  )
  func follows() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let pods = RealPods(cluster: cluster, namespace: namespace)
      // Each life says which it is: the file outlives the container.
      let script =
        "i=0; while [ $i -lt 20 ]; do echo $(cat /proc/sys/kernel/random/uuid); i=$((i+1)); done; sleep 1; echo end"
      try await pods.make("shop-1", ["api": script], restarts: true)
      _ = try await pods.started("shop-1")
      let lines = Lines()
      let task = Task { [reader = reader(pods, LogQuery(follow: true))] in
        try await reader.read { lines.add($0) }
      }
      func ends(of pod: String) -> Int {
        lines.all.filter { $0.instance == InstanceID(name: pod) && $0.text == "end" }.count
      }
      while ends(of: "shop-1") < 3 { try await Task.sleep(for: .milliseconds(100)) }
      try await pods.delete("shop-1")
      try await pods.make("shop-2", ["api": script])
      while ends(of: "shop-2") < 1 { try await Task.sleep(for: .milliseconds(100)) }
      task.cancel()
      _ = await task.result
      for pod in ["shop-1", "shop-2"] {
        let of = lines.all.filter { $0.instance == InstanceID(name: pod) }.map(\.text)
        let lives = of.split(separator: "end", omittingEmptySubsequences: false)
        #expect(Set(lives.flatMap(\.self)).count == lives.reduce(0) { $0 + $1.count }, "no line twice")
        for life in lives.dropLast() { #expect(life.count == 20, "all lines of a life of \(pod)") }
      }
    }
  }

  @Test("a tail of nothing follows only what is new")
  func followsFromNow() async throws {
    try await RealCluster.withNamespace { cluster, namespace in
      let pods = RealPods(cluster: cluster, namespace: namespace)
      let script =
        "for i in 1 2 3 4 5; do echo old; done; until [ -e /tmp/go ]; do sleep 0.1; done; echo new; sleep 600"
      try await pods.make("shop-1", ["api": script])
      let pod = try await pods.started("shop-1")
      while try await read(pods, LogQuery()).count < 5 {}
      let lines = Lines()
      let task = Task { [reader = reader(pods, LogQuery(tail: 0, follow: true))] in
        try await reader.read { lines.add($0) }
      }
      let request = ExecRequest(
        key: WorkloadKey(namespace: namespace, name: "shop"), instance: RealPods.instance,
        service: "api", command: ["touch", "/tmp/go"])
      try await Task.sleep(for: .seconds(1))
      _ = try await PodCommand(client: cluster, namespace: namespace, pod: pod, request: request).run(
        input: AsyncStream { $0.finish() }
      ) { _ in }
      while lines.all.isEmpty { try await Task.sleep(for: .milliseconds(100)) }
      task.cancel()
      _ = await task.result
      #expect(lines.all.map(\.text) == ["new"])
    }
  }
}

/// The lines that came.
private final class Lines: Sendable {
  private let lines = Mutex<[LogLine]>([])
  var all: [LogLine] { lines.withLock { $0 } }
  func add(_ line: LogLine) { lines.withLock { $0.append(line) } }
}
