import Foundation

/// The calls of the Docker Engine API that containers cost at the least, made directly: nothing is compared, waited
/// for or recorded.
struct EngineCalls: Sendable {
  /// The path of the engine's socket.
  let socket: String
  /// How many containers.
  let count: Int

  private static let network = "floor"
  private func name(_ index: Int) -> String { "floor-\(index)" }

  /// A network, and as many containers in it.
  func create(image: String, command: [String]) -> Int {
    post("/networks/create", ["Name": Self.network, "CheckDuplicate": true])
    together { index in
      post(
        "/containers/create?name=\(name(index))",
        ["Image": image, "Cmd": command, "HostConfig": ["NetworkMode": Self.network]])
      post("/containers/\(name(index))/start")
    }
    return count
  }

  /// Stops and deletes them, and the network.
  func destroy() -> Int {
    together { index in
      post("/containers/\(name(index))/stop?t=10")
      send("DELETE", "/containers/\(name(index))?v=1")
    }
    // Engines lag behind what they have deleted, and forbid it while they do.
    while !send("DELETE", "/networks/\(Self.network)", orRefusedWith: 403) { usleep(100_000) }
    return count
  }

  // MARK: Nodes

  /// A container that is told as a node of the cluster `bench`, runs, and takes this long to stop.
  func makeNode(_ name: String, role: String, stoppingWithin seconds: Double) {
    post(
      "/containers/create?name=\(name)",
      [
        "Image": "berth-test/busybox:1",
        "Cmd": ["sh", "-c", "trap 'sleep \(seconds); exit 0' TERM; sleep 86400 & wait"],
        "Labels": ["io.x-k8s.kind.cluster": "bench", "io.x-k8s.kind.role": role],
      ])
    post("/containers/\(name)/start")
  }

  /// Stops one of them.
  func stopNode(_ name: String) -> Int {
    post("/containers/\(name)/stop?t=30")
    return 1
  }

  /// Starts one of them.
  func startNode(_ name: String) -> Int {
    post("/containers/\(name)/start")
    return 1
  }

  // MARK: -

  private func together(_ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      // A call blocks its thread, so each has one.
      Thread.detachNewThread {
        body(index)
        group.leave()
      }
    }
    group.wait()
  }

  private func post(_ path: String, _ body: [String: Any] = [:]) {
    let json = body.isEmpty ? Data() : try! JSONSerialization.data(withJSONObject: body)
    send("POST", path, json)
  }

  /// - Returns: whether it was done; otherwise it was refused with a status that may come.
  @discardableResult
  private func send(
    _ method: String, _ path: String, _ body: Data = Data(), orRefusedWith status: Int? = nil
  ) -> Bool {
    let descriptor = connect()
    defer { close(descriptor) }
    var request = Data(
      """
      \(method) \(path) HTTP/1.1\r
      Host: localhost\r
      Connection: close\r
      Content-Type: application/json\r
      Content-Length: \(body.count)\r
      \r\n
      """.utf8)
    request.append(body)
    request.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let now = write(descriptor, bytes.baseAddress! + sent, bytes.count - sent)
        guard now > 0 else { fatalError("the engine hung up") }
        sent += now
      }
    }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let now = read(descriptor, &buffer, buffer.count), now > 0 {
      answer.append(contentsOf: buffer[..<now])
    }
    let text = String(decoding: answer, as: UTF8.self)
    if let status, text.hasPrefix("HTTP/1.1 \(status)") { return false }
    guard text.hasPrefix("HTTP/1.1 2") else { fatalError("\(method) \(path): \(text)") }
    return true
  }

  private func connect() -> Int32 {
    let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8.prefix($0.count - 1)) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { fatalError("no engine listens on \(socket)") }
    return descriptor
  }
}
