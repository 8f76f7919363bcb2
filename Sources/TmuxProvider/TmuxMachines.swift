import Foundation
import MachineKit
import ProviderKit
import Values
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Machines that are windows of a tmux session: what a window runs is the machine, and a folder is its disk.
public struct TmuxMachines: Machines {
  /// How long what a window runs may take to end before it is ended by force.
  private static let grace = Duration.seconds(10)

  private let client: TmuxClient
  private let folder: String
  private let target: TmuxTarget
  private let zone: String?
  private let searchPath: String

  /// The machines of a server.
  ///
  /// - Parameters:
  ///   - socket: the server, by the name of its socket or, with a `/`, its path.
  ///   - folder: where the machines have their disks.
  ///   - searchPath: where the programs are found that machines run.
  public init(
    socket: String, folder: String, target: TmuxTarget = TmuxTarget(), zone: String? = nil,
    searchPath: String = "/usr/local/bin:/usr/bin:/bin"
  ) {
    client = TmuxClient(socket: socket)
    (self.folder, self.target, self.zone, self.searchPath) = (folder, target, zone, searchPath)
  }

  /// The folder that is a machine's disk.
  public func disk(of id: String) -> String { folder + "/disks/" + id }

  private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  // MARK: Looking

  func windows() async throws -> [TmuxWindow] {
    try Task.checkCancellation()
    switch try await client.run(["list-windows", "-a", "-F", TmuxWindow.format]) {
    case .noServer: return []
    case .output(let text): return try text.split(separator: "\n").compactMap { try TmuxWindow(line: $0) }
    }
  }

  private func window(_ id: String) async throws -> TmuxWindow? {
    try await windows().first { $0.record.id == id }
  }

  private func found(_ window: TmuxWindow) -> FoundMachine {
    window.found(now: now, settle: target.settle.milliseconds, zone: zone)
  }

  /// All machines: a server tells of its windows at once.
  public func page(of query: MachineQuery, after token: String?) async throws -> MachinePage {
    MachinePage(try await windows().map(found).filter(query.matches))
  }

  /// The machine that a window says to be.
  public func machine(_ id: String) async throws -> FoundMachine? { try await window(id).map(found) }

  // MARK: Changing

  /// Opens a window, with all that is said of it in one step.
  public func create(_ order: MachineOrder) async throws -> FoundMachine {
    try await changing {
      let windows = try await windows()
      if let known = windows.first(where: { $0.record.token == order.token }) { return found(known) }
      let image = order.machine.image ?? ""
      guard !image.isEmpty else {
        throw ActionFailure("a machine needs an image: the program that its window runs")
      }
      guard isThere(program: image) else {
        throw ActionFailure("there is no program `\(image)` in \(searchPath)")
      }
      let id = "w-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
      let record = TmuxRecord(
        id: id, name: order.name, token: order.token, image: image, type: order.machine.type,
        disk: order.machine.disk?.description, subnet: order.subnet,
        address: try await freeAddress(beside: windows), launchedAt: now,
        tags: order.tags.merging(order.notes) { tag, _ in tag })
      try FolderLock.make(disk(of: id))
      if let script = order.machine.userData?.content { try write(script, for: id) }
      try await open(record, beside: windows)
      guard let made = try await window(id) else {
        throw ProviderError("tmux has lost the window of machine \(id)")
      }
      return found(made)
    }
  }

  private func open(_ record: TmuxRecord, beside windows: [TmuxWindow]) async throws {
    let name =
      windows.contains { $0.record.name == record.name } ? record.name + "_" + record.id : record.name
    var hasSession = windows.contains { $0.session == target.session }
    if !hasSession { hasSession = try await isOpen(target.session) }
    let begin =
      hasSession
      ? ["new-window", "-d", "-t", "=\(target.session):"]
      : [
        "start-server", ";", "set-option", "-g", "remain-on-exit", "on", ";", "set-option", "-g",
        "history-limit", "20000", ";", "new-session", "-d", "-s", target.session, "-x", "200", "-y", "50",
      ]
    let mark = [
      ";", "set-option", "-w", "-t", "=\(target.session):=\(name)", TmuxRecord.option, try record.text,
    ]
    let answer = try await client.run(begin + ["-n", name] + command(of: record) + mark)
    if case .noServer = answer { throw ProviderError("the tmux server ended meanwhile") }
  }

  /// Whether a session is there, also if none of its windows is a machine.
  private func isOpen(_ session: String) async throws -> Bool {
    switch try await client.run(["list-windows", "-a", "-F", "#{session_name}"]) {
    case .noServer: false
    case .output(let text): text.split(separator: "\n").contains { $0 == session }
    }
  }

  /// Where a window is, what it is told, and what it runs.
  private func command(of record: TmuxRecord) -> [String] {
    let script = disk(of: record.id) + "/.user-data"
    let hasScript = FileManager.default.fileExists(atPath: script)
    return [
      "-c", disk(of: record.id), "-e", "BERTH_ADDRESS=\(record.address)", "-e", "BERTH_MACHINE=\(record.id)",
      record.image,
    ]
      + (hasScript ? [script] : [])
  }

  private func write(_ script: String, for id: String) throws {
    let path = disk(of: id) + "/.user-data"
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(script.utf8), attributes: [.posixPermissions: 0o600])
    if !isWritten { throw ProviderError("\(path) can't be written") }
  }

  private func isThere(program: String) -> Bool {
    if program.contains("/") { return access(program, X_OK) == 0 }
    return searchPath.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// An address of this computer that no other machine has now, where there are many; else the only one.
  private func freeAddress(beside windows: [TmuxWindow]) async throws -> String {
    #if os(Linux)
      let taken = Set(windows.map(\.record.address))
      for _ in 0..<100 {
        let parts = (64...126, 0...255, 1...254)
        let address =
          "127.\(Int.random(in: parts.0)).\(Int.random(in: parts.1)).\(Int.random(in: parts.2))"
        if !taken.contains(address) { return address }
      }
      throw ProviderError("there is no address left for a machine")
    #else
      return "127.0.0.1"
    #endif
  }

  /// Has a window whose program has ended run it again, at another address.
  public func start(_ id: String) async throws -> FoundMachine? {
    try await changing(id) { window in
      guard window.isDead else { return }
      var record = window.record
      record.address = try await freeAddress(beside: try await windows())
      record.launchedAt = now
      _ = try await client.run(
        ["respawn-window", "-t", window.window] + command(of: record)
          + [";", "set-option", "-w", "-t", window.window, TmuxRecord.option, try record.text])
    }
  }

  /// Ends what a window runs; the window stays, and so does its folder.
  public func stop(_ id: String) async throws -> FoundMachine? {
    try await changing(id) { try await end($0) }
  }

  /// Closes a window, and deletes its folder.
  public func terminate(_ id: String) async throws -> FoundMachine? {
    try await changing {
      guard let window = try await window(id) else { return nil }
      try await end(window)
      var last = found(window)
      _ = try await client.run(["kill-window", "-t", window.window])
      try? FileManager.default.removeItem(atPath: disk(of: id))
      (last.state, last.addresses) = (.terminated, [])
      return last
    }
  }

  /// A window has no size that would matter: what is changed is written down.
  public func change(_ id: String, to change: MachineChange) async throws -> FoundMachine? {
    try await changing(id) { window in
      var record = window.record
      if let type = change.type { record.type = type }
      if let disk = change.disk { record.disk = disk.description }
      try await mark(window, record)
    }
  }

  /// Changes the tags in a window's option.
  public func tag(
    _ id: String, with tags: [String: String], dropping gone: Set<String>
  ) async throws -> FoundMachine? {
    try await changing(id) { window in
      var record = window.record
      for key in gone { record.tags[key] = nil }
      record.tags.merge(tags) { _, new in new }
      try await mark(window, record)
    }
  }

  private func mark(_ window: TmuxWindow, _ record: TmuxRecord) async throws {
    _ = try await client.run(
      ["set-option", "-w", "-t", window.window, TmuxRecord.option, try record.text])
  }

  /// Ends the processes of a window, and waits until tmux has seen it.
  private func end(_ window: TmuxWindow) async throws {
    guard !window.isDead, let process = window.process, process > 1 else { return }
    let begin = ContinuousClock.now
    var isForced = false
    for signal in [SIGTERM, SIGHUP] { kill(-process, signal) }
    while true {
      guard let now = try await self.window(window.record.id), !now.isDead, now.process == process else {
        return
      }
      if !isForced, ContinuousClock.now - begin > Self.grace {
        kill(-process, SIGKILL)
        isForced = true
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  // MARK: One at a time

  /// Does something that no other command does to these machines meanwhile.
  private func changing<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try Task.checkCancellation()
    return try await FolderLock(folder).hold(body)
  }

  private func changing(_ id: String, _ body: (TmuxWindow) async throws -> Void) async throws -> FoundMachine?
  {
    try await changing {
      guard let window = try await window(id) else { return nil }
      try await body(window)
      return try await self.window(id).map(found)
    }
  }

  // MARK: Lines

  /// What a window shows, with what was scrolled out of it; nothing of one that is not there.
  func lines(of window: TmuxWindow) async throws -> [String] {
    switch try await client.run(["capture-pane", "-p", "-J", "-S", "-", "-t", window.window]) {
    case .noServer: return []
    case .output(let text):
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      // tmux's own word on what has ended stands at the bottom, below all that is empty.
      while lines.last?.isEmpty == true { lines.removeLast() }
      if lines.last?.hasPrefix("Pane is dead (") == true { lines.removeLast() }
      while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
      return lines
    }
  }
}
