import Foundation
import Synchronization
import Values

@testable import KubernetesAPI

/// The objects of a ``FakeCluster``.
final class FakeObjects: Sendable {
  private struct State {
    var objects: [String: JSON] = [:]
    var version = 100
    var terminating: Set<String> = []

    mutating func next() -> String {
      version += 1
      return String(version)
    }
  }
  private let state: Mutex<State>

  init(namespaces: [String]) {
    var first = State()
    for name in namespaces {
      first.objects["namespaces/\(name)"] = ["kind": "Namespace", "metadata": ["name": .string(name)]]
    }
    state = Mutex(first)
  }

  /// All that is kept, by `<type>/<namespace>/<name>`, or `namespaces/<name>`.
  var all: [String: JSON] { state.withLock { $0.objects } }

  /// Puts an object behind the server's back; `nil` takes it away.
  func put(_ path: String, _ object: JSON?) { state.withLock { $0.objects[path] = object } }

  /// A namespace is being deleted from now on.
  func terminate(_ namespace: String) { state.withLock { _ = $0.terminating.insert(namespace) } }

  /// Carries a request out.
  func answer(_ request: FakeCluster.Request) -> (status: Int, json: JSON) {
    if request.path == ["version"] {
      return (200, ["major": "1", "minor": "31", "gitVersion": "v1.31.2"])
    }
    var path = request.path.dropFirst(request.path.first == "api" ? 2 : 3)
    var namespace: String?
    if path.first == "namespaces", path.count > 2 {
      namespace = path.dropFirst().first
      path = path.dropFirst(2)
    }
    guard let type = path.first else { return Self.refusal(404, "NotFound", "no such path") }
    let name = path.dropFirst().first ?? request.body?.at("metadata", "name")?.string
    let key = ([type] + [namespace].compactMap(\.self) + [name ?? ""]).joined(separator: "/")
    return state.withLock { state in
      switch request.method {
      case "GET" where path.count == 1: Self.list(type, namespace, request, state)
      case "GET":
        state.objects[key].map { (200, $0) }
          ?? Self.refusal(404, "NotFound", "\(type) \"\(name ?? "")\" not found")
      case "POST": Self.create(key, type, namespace, request, &state)
      case "PUT": Self.update(key, request, &state)
      case "DELETE": Self.delete(key, request, &state)
      default: Self.refusal(405, "MethodNotAllowed", "\(request.method) is not supported")
      }
    }
  }

  private static func list(
    _ type: String, _ namespace: String?, _ request: FakeCluster.Request, _ state: State
  ) -> (Int, JSON) {
    let wanted = (request.query["labelSelector"] ?? "").split(separator: ",").map {
      $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    let prefix = namespace.map { "\(type)/\($0)/" } ?? "\(type)/"
    let found = state.objects.filter { key, object in
      guard key.hasPrefix(prefix) else { return false }
      let labels = KubernetesObject(object).labels
      return wanted.allSatisfy { labels[$0[0]] == $0.dropFirst().first }
    }.sorted { $0.key < $1.key }.map(\.value)
    let start = request.query["continue"].flatMap { Int($0) } ?? 0
    let limit = request.query["limit"].flatMap { Int($0) } ?? found.count
    var page = Array(found.dropFirst(start).prefix(limit))
    var kind = "ObjectList"
    if request.accept.contains("PartialObjectMetadataList") {
      kind = "PartialObjectMetadataList"
      page = page.map { ["metadata": $0["metadata"] ?? [:]] }
    }
    var metadata: JSON = ["resourceVersion": .string(String(state.version))]
    if start + limit < found.count { metadata["continue"] = .string(String(start + limit)) }
    return (200, ["kind": .string(kind), "apiVersion": "v1", "metadata": metadata, "items": .array(page)])
  }

  private static func create(
    _ key: String, _ type: String, _ namespace: String?, _ request: FakeCluster.Request, _ state: inout State
  ) -> (Int, JSON) {
    guard var object = request.body else { return refusal(400, "BadRequest", "no object") }
    if let namespace {
      guard state.objects["namespaces/\(namespace)"] != nil else {
        return refusal(404, "NotFound", "namespaces \"\(namespace)\" not found")
      }
      if state.terminating.contains(namespace) {
        var (status, json) = refusal(403, "Forbidden", "\(key) is forbidden: it is being terminated")
        json["details"] = ["causes": [["reason": "NamespaceTerminating", "message": "being terminated"]]]
        status = 403
        return (status, json)
      }
    }
    if state.objects[key] != nil { return refusal(409, "AlreadyExists", "\(key) already exists") }
    var metadata = object["metadata"] ?? [:]
    metadata["uid"] = .string(UUID().uuidString)
    metadata["resourceVersion"] = .string(state.next())
    metadata["managedFields"] = [
      ["manager": .string(request.query["fieldManager"] ?? ""), "operation": "Update"]
    ]
    object["metadata"] = metadata
    state.objects[key] = object
    return (201, object)
  }

  private static func update(
    _ key: String, _ request: FakeCluster.Request, _ state: inout State
  ) -> (Int, JSON) {
    guard let found = state.objects[key], var object = request.body else {
      return refusal(404, "NotFound", "\(key) not found")
    }
    var metadata = object["metadata"] ?? [:]
    for name in ["resourceVersion", "uid"] {
      if let wanted = metadata[name], wanted != found.at("metadata", name) {
        return refusal(409, "Conflict", "\(key): the object has been modified")
      }
    }
    metadata["uid"] = found.at("metadata", "uid")
    metadata["managedFields"] = found.at("metadata", "managedFields")
    metadata["resourceVersion"] = .string(state.next())
    object["metadata"] = metadata
    state.objects[key] = object
    return (200, object)
  }

  private static func delete(
    _ key: String, _ request: FakeCluster.Request, _ state: inout State
  ) -> (Int, JSON) {
    guard let found = state.objects[key] else { return refusal(404, "NotFound", "\(key) not found") }
    for name in ["resourceVersion", "uid"] {
      if let wanted = request.body?.at("preconditions", name), wanted != found.at("metadata", name) {
        return refusal(409, "Conflict", "\(key): the precondition does not hold")
      }
    }
    state.objects[key] = nil
    return (200, ["kind": "Status", "status": "Success"])
  }

  static func refusal(_ code: Int, _ reason: String, _ message: String) -> (Int, JSON) {
    (
      code,
      [
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string(message),
        "reason": .string(reason), "code": .int(Int64(code)),
      ]
    )
  }
}
