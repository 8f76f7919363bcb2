import Foundation

/// The calls of a cluster's API that a change of a Deployment costs at the least, made directly through `kubectl proxy`, which
/// has the credentials.
struct ClusterCalls: Sendable {
  /// The port of the proxy.
  let port: Int
  let namespace: String

  /// Gives a Deployment's pods another variable, and watches until the controller has replaced them: all are of the new
  /// template and available, and no other one is there.
  func roll(_ name: String, word: String) -> Int {
    let path = "/apis/apps/v1/namespaces/\(namespace)/deployments/\(name)"
    let patch: [String: Any] = [
      "spec": [
        "template": ["spec": ["containers": [["name": "main", "env": [["name": "WORD", "value": word]]]]]]
      ]
    ]
    let written = ask("PATCH", path, patch, "application/strategic-merge-patch+json")
    let metadata = written["metadata"] as? [String: Any]
    watch(
      "/apis/apps/v1/namespaces/\(namespace)/deployments?fieldSelector=metadata.name%3D\(name)",
      from: metadata?["resourceVersion"] as? String ?? ""
    ) { event in
      let object = event["object"] as? [String: Any]
      let (spec, status) = (object?["spec"] as? [String: Any], object?["status"] as? [String: Any])
      let generation = (object?["metadata"] as? [String: Any])?["generation"] as? Int
      let wanted = spec?["replicas"] as? Int
      return status?["observedGeneration"] as? Int == generation
        && ["replicas", "updatedReplicas", "availableReplicas"].allSatisfy { status?[$0] as? Int == wanted }
    }
    // What is replaced has still to end.
    let selector = "app.kubernetes.io/name%3D\(name)"
    let pods = "/api/v1/namespaces/\(namespace)/pods?labelSelector=\(selector)"
    let list = ask("GET", pods)
    var there = Set((list["items"] as? [[String: Any]] ?? []).compactMap(Self.name))
    if there.count <= 1 { return 1 }
    let version = (list["metadata"] as? [String: Any])?["resourceVersion"] as? String ?? ""
    watch(pods, from: version) { event in
      guard let object = event["object"] as? [String: Any], let name = Self.name(object) else { return false }
      if event["type"] as? String == "DELETED" { there.remove(name) } else { there.insert(name) }
      return there.count <= 1
    }
    return 1
  }

  private static func name(_ object: [String: Any]) -> String? {
    (object["metadata"] as? [String: Any])?["name"] as? String
  }

  // MARK: HTTP

  private func ask(
    _ method: String, _ path: String, _ body: [String: Any]? = nil, _ type: String = "application/json"
  ) -> [String: Any] {
    let lines = Lines(port, method, path, body, type)
    var text = Data()
    while let line = lines.next() { text += line }
    guard let json = try? JSONSerialization.jsonObject(with: text) as? [String: Any] else {
      fatalError("\(method) \(path): \(String(decoding: text, as: UTF8.self))")
    }
    return json
  }

  private func watch(_ path: String, from version: String, until isOver: ([String: Any]) -> Bool) {
    let lines = Lines(port, "GET", path + "&watch=true&resourceVersion=\(version)", nil, "")
    while let line = lines.next() {
      guard let event = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else { continue }
      if isOver(event) { return }
    }
    fatalError("the watch of \(path) ended")
  }

  /// The lines of an answer. HTTP/1.0 asks for one that is not cut into chunks and ends with its connection.
  private final class Lines {
    private let descriptor: Int32
    private var pending = Data()

    init(_ port: Int, _ method: String, _ path: String, _ body: [String: Any]?, _ type: String) {
      descriptor = Relay.connect("127.0.0.1", port)
      let json = body.flatMap { try? JSONSerialization.data(withJSONObject: $0) } ?? Data()
      var request = Data(
        "\(method) \(path) HTTP/1.0\r\nHost: localhost\r\nContent-Type: \(type)\r\nContent-Length: \(json.count)\r\n\r\n"
          .utf8)
      request.append(json)
      _ = request.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
      var status = ""
      while let line = next(), line != Data([UInt8(ascii: "\r")]), !line.isEmpty {
        if status.isEmpty { status = String(decoding: line, as: UTF8.self) }
      }
      guard status.contains(" 200 ") else { fatalError("\(method) \(path): \(status)") }
    }

    deinit { close(descriptor) }

    func next() -> Data? {
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
          defer { pending = Data(pending[(end + 1)...]) }
          return Data(pending[..<end])
        }
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else {
          defer { pending = Data() }
          return pending.isEmpty ? nil : pending
        }
        pending.append(contentsOf: buffer[..<count])
      }
    }
  }
}
