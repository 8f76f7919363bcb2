import AsyncHTTPClient
import Foundation
import KubernetesAPI
import NIOCore
import NIOHTTP1
import Synchronization
import Values

/// Plays the node of a cluster that has none, for the pods of one namespace: they are placed, become ready, and end at once
/// when they are to end. Those of a Job succeed. Nothing runs in them, so that there are no logs and no commands.
///
/// It has a thread of its own, and needs none of those that tests share, which may all be waiting for programs that wait for pods.
package final class PodPlayer: Sendable {
  private let tap: ClusterTap
  private let namespace: String
  /// The node. It takes no pods but those that are placed here.
  private let node: String
  private let state = Mutex((isOver: false, hasEnded: false))

  /// Begins to play.
  package static func start(in namespace: String, of cluster: ClusterAccess) async throws -> PodPlayer {
    let player = PodPlayer(try await ClusterTap.start(to: cluster) { _ in .pass }, namespace)
    let thread = Thread { player.play() }
    thread.name = "pods of \(namespace)"
    thread.start()
    return player
  }

  private init(_ tap: ClusterTap, _ namespace: String) {
    (self.tap, self.namespace, node) = (tap, namespace, "node-of-" + namespace)
  }

  /// Goes on until the namespace, which must be being deleted, has no pods, and takes the node away.
  package func stop() async {
    state.withLock { $0.isOver = true }
    while !state.withLock({ $0.hasEnded }) { try? await Task.sleep(for: .milliseconds(20)) }
    tap.stop()
  }

  // MARK: The thread

  /// How often it looks.
  private static let pace = 0.1
  /// A cluster loses a node that says nothing for 40 s.
  private static let heartbeat = 10.0
  /// How long pods may take to go with their namespace.
  private static let patience = 60.0

  private func play() {
    var saidAt = -Self.heartbeat
    var endedAt: Double?
    while true {
      let now = ProcessInfo.processInfo.systemUptime
      if now - saidAt >= Self.heartbeat, (try? sayThatNodeIsThere()) != nil { saidAt = now }
      // What fails is tried again: it looks at all pods each time.
      let pods = try? self.pods()
      for pod in pods ?? [] { try? play(pod) }
      if state.withLock({ $0.isOver }) {
        endedAt = endedAt ?? now
        if pods?.isEmpty == true || now - (endedAt ?? now) > Self.patience { break }
      }
      Thread.sleep(forTimeInterval: Self.pace)
    }
    _ = try? ask(.DELETE, "/api/v1/nodes/\(node)")
    state.withLock { $0.hasEnded = true }
  }

  private func sayThatNodeIsThere() throws {
    let now = Self.now
    _ = try ask(
      .POST, "/api/v1/nodes",
      [
        "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(node)],
        "spec": ["unschedulable": true],
      ])
    let ready: Value = [
      "type": "Ready", "status": "True", "reason": "IsPlayed", "message": "a test plays it",
      "lastHeartbeatTime": .string(now), "lastTransitionTime": .string(now),
    ]
    let room: Value = ["cpu": "16", "memory": "32Gi", "pods": "200"]
    _ = try ask(
      .PATCH, "/api/v1/nodes/\(node)/status",
      ["status": ["conditions": [ready], "capacity": room, "allocatable": room]])
  }

  // MARK: Pods

  private var path: String { "/api/v1/namespaces/\(namespace)" }

  /// The pods; `nil` if the cluster does not tell.
  private func pods() throws -> [Value]? { try ask(.GET, path + "/pods")["items"]?.list }

  private func play(_ pod: Value) throws {
    guard let name = pod["metadata"]?["name"]?.string, let uid = pod["metadata"]?["uid"] else { return }
    let phase = pod["status"]?["phase"]?.string
    if pod["metadata"]?["deletionTimestamp"]?.string != nil {
      _ = try ask(
        .DELETE, path + "/pods/\(name)", ["gracePeriodSeconds": 0, "preconditions": ["uid": uid]])
    } else if pod["spec"]?["nodeName"]?.string == nil {
      _ = try ask(
        .POST, path + "/bindings",
        [
          "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(name), "uid": uid],
          "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
        ])
    } else if phase == "Pending" {
      _ = try ask(
        .PATCH, path + "/pods/\(name)/status", ["metadata": ["uid": uid], "status": status(of: pod)])
    }
  }

  /// What a node says of a pod that has come to where it is wanted.
  private func status(of pod: Value) -> Value {
    let now = Value.string(Self.now)
    let isOfJob = (pod["metadata"]?["ownerReferences"]?.list ?? []).contains { $0["kind"] == "Job" }
    let ended: Value = [
      "terminated": ["exitCode": 0, "reason": "Completed", "startedAt": now, "finishedAt": now]
    ]
    func statuses(_ key: String, hasEnded: Bool) -> Value {
      .list(
        (pod["spec"]?[key]?.list ?? []).map { container in
          [
            "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "",
            "restartCount": 0,
            "ready": .bool(!isOfJob), "state": hasEnded ? ended : ["running": ["startedAt": now]],
          ]
        })
    }
    let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map { type -> Value in
      let isSo = !isOfJob || type == "PodScheduled" || type == "Initialized"
      return [
        "type": .string(type), "status": isSo ? "True" : "False", "lastTransitionTime": now,
      ]
    }
    return [
      "phase": isOfJob ? "Succeeded" : "Running", "startTime": now, "hostIP": "192.0.2.1",
      "podIP": "192.0.2.2", "podIPs": [["ip": "192.0.2.2"]], "conditions": .list(conditions),
      "initContainerStatuses": statuses("initContainers", hasEnded: true),
      "containerStatuses": statuses("containers", hasEnded: isOfJob),
    ]
  }

  private static var now: String {
    ServerTime(seconds: Int64(Date().timeIntervalSince1970)).description
  }

  // MARK: Asking

  /// Asks, and waits. What the cluster refuses is no error: another client was faster, or it is tried again.
  private func ask(_ method: HTTPMethod, _ path: String, _ body: Value? = nil) throws -> Value {
    var headers = HTTPHeaders()
    if body != nil {
      headers.add(
        name: "Content-Type", value: method == .PATCH ? "application/merge-patch+json" : "application/json")
    }
    let request = try HTTPClient.Request(
      url: tap.address + path, method: method, headers: headers,
      body: body.map { .string(CanonicalJSON.compact($0)) })
    let answer = try HTTPClient.shared.execute(request: request, deadline: .now() + .seconds(10)).wait()
    guard var bytes = answer.body, let text = bytes.readString(length: bytes.readableBytes) else {
      return .null
    }
    return (try? Value(json: text)) ?? .null
  }
}
