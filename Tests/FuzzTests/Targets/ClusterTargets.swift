import NIOCore
import Values
import Wire

@testable import KubernetesAPI

extension FuzzTarget {
  /// What an API server sends, as objects and as lines of a watch.
  static let clusterJSON = FuzzTarget(name: "cluster-json", maximumLength: 16384) { bytes in
    guard let json = try? JSON(parsing: bytes) else { return }
    let text = json.text
    try promise((try? JSON(parsing: text.utf8)) == json, "JSON is read as other JSON: \(text)")
    if let error = KubernetesError(status: json) {
      try promise(!error.message.isEmpty, "nothing is said of what went wrong")
    }
    _ = WatchLine(bytes)
    _ = ServerVersion(json)
    _ = ServedType.list(json, of: "apps/v1")
    if let list = try? ObjectList(json, of: .pods) {
      for object in list.items { _ = (object.name, object.labels, object.managers, object.isBeingDeleted) }
    }
  }

  /// Files that say how clusters are reached.
  static let kubeconfig = FuzzTarget(name: "kubeconfig") { bytes in
    do {
      let config = try KubeconfigReader(path: "config", workingDirectory: "/k").read(bytes)
      var twice = config
      twice.merge(config)
      try promise(
        twice.contexts == config.contexts && twice.users == config.users, "merged with itself, it says more")
      for context in config.contexts.keys {
        let access = try config.access(context: context)
        let again = try ServerAddress(access.server.description, schemes: [.http, .https])
        try promise(again.description == access.server.description, "an address is read as another")
      }
    } catch let error as KubernetesError {
      try promise(!error.message.isEmpty && error.help?.isEmpty == false, "an error does not say what to do")
    }
  }

  /// What comes from pods and from exec plugins. The first byte says how long the pieces are.
  static let podStreams = FuzzTarget(name: "pod-streams") { bytes in
    guard let first = bytes.first else { return }
    let rest = bytes.dropFirst()
    let whole = lines(of: rest, step: max(1, rest.count))
    let pieces = lines(of: rest, step: 1 + Int(first & 15))
    try promise(whole == pieces, "cut in pieces, other lines are read")
    if let message = ExecMessage(bytes) {
      try promise(Array(message.bytes.readableBytesView) == bytes, "a message is written otherwise")
    }
    if let code = try? ExecStatus.exitCode(bytes) { _ = code.description }
    if let given = try? PluginCredential(bytes, version: .v1) {
      try promise(given.token != nil || given.certificate != nil, "a plugin gave nothing")
    }
    if let time = ServerTime(String(decoding: bytes, as: UTF8.self)), (0...9999).contains(time.year) {
      try promise(ServerTime(time.description) == time, "a time is read as another: \(time)")
    }
  }

  private static func lines(of bytes: ArraySlice<UInt8>, step: Int) -> [LoggedLine] {
    var assembler = LogAssembler(hasTimes: true, limit: 64)
    var lines: [LoggedLine] = []
    var rest = bytes
    while !rest.isEmpty {
      lines += assembler.add(rest.prefix(step))
      rest = rest.dropFirst(step)
    }
    return lines + [assembler.finish()].compactMap(\.self)
  }
}

extension ServerTime {
  /// The year, roughly: what is written has four digits.
  fileprivate var year: Int64 { 1970 + seconds / 31_556_952 }
}
