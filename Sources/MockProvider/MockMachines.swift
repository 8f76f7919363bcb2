import Foundation
import MachineKit
import ProviderKit
import Values
import WorkloadSpec

/// Machines that are lines of a file.
public struct MockMachines: Machines {
  private let file: MockFile
  private let target: MockTarget
  private let zone: String?
  private let now: @Sendable () -> Int64

  /// The machines in a folder.
  ///
  /// - Parameter now: the time, in milliseconds since 1970.
  public init(
    folder: String, target: MockTarget = MockTarget(), zone: String? = nil,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
  ) {
    file = MockFile(folder: folder)
    (self.target, self.zone, self.now) = (target, zone, now)
  }

  /// The folder that is a machine's disk.
  public func disk(of id: String) -> String { file.disk(of: id) }

  /// The file that has the machines.
  public var path: String { file.path }

  // MARK: Looking

  /// The machines as they are now, in the order in which they were made.
  private func all() throws -> [FoundMachine] { all(try file.read()) }

  private func all(_ contents: MockFile.Contents) -> [FoundMachine] {
    let now = now()
    return contents.machines.map { machine in
      var machine = machine
      machine.settle(now, target)
      return machine.found(zone: zone)
    }
  }

  /// A page, which begins behind the machine that the token names.
  public func page(of query: MachineQuery, after token: String?) async throws -> MachinePage {
    try Task.checkCancellation()
    var rest = try all()[...]
    if let token {
      guard let index = rest.firstIndex(where: { $0.id == token }) else {
        throw ProviderError("the page after `\(token)` is not known")
      }
      rest = rest[(index + 1)...]
    }
    let matching = rest.filter(query.matches)
    let page = Array(matching.prefix(target.pageSize))
    return MachinePage(page, next: matching.count > page.count ? page.last?.id : nil)
  }

  /// The machine that the file has under an id.
  public func machine(_ id: String) async throws -> FoundMachine? {
    try Task.checkCancellation()
    return try all().first { $0.id == id }
  }

  /// What is left of a subnet.
  public func room(in subnet: String) async throws -> Int? {
    guard !target.subnets.isEmpty else { return nil }
    guard let stated = target.subnets.first(where: { $0.name == subnet }) else {
      throw ProviderError(
        "there is no subnet `\(subnet)`",
        help: "the target has \(target.subnets.map { "`\($0.name)`" }.joined(separator: ", "))")
    }
    let taken = try all().count { $0.subnet == subnet && !$0.state.isEnd }
    return max(0, stated.size - taken)
  }

  // MARK: Changing

  /// Adds a machine, unless the file has one of the order's token that has not ended.
  public func create(_ order: MachineOrder) async throws -> FoundMachine {
    let made = try await call(.create) { contents, now -> String in
      if let known = contents.machines.first(where: { $0.token == order.token && !isAtEnd($0, now) }) {
        return known.id
      }
      try check(order)
      contents.made += 1
      let machine = order.machine
      var new = MockMachine(
        id: "m-\(contents.made)", name: order.name, token: order.token,
        state: MachineState.pending.rawValue, until: now + target.delay.create.milliseconds,
        passing: MachineState.pending.rawValue,
        image: machine.image ?? machine.family ?? machine.template, type: machine.type,
        disk: machine.disk?.description, subnet: order.subnet, launchedAt: now,
        userData: machine.userData?.content, tags: order.tags.merging(order.notes) { tag, _ in tag })
      new.address = nextAddress(&contents)
      contents.machines.append(new)
      try FolderLock.make(file.disk(of: new.id))
      return new.id
    }
    guard let machine = try await machine(made) else {
      throw ProviderError("\(file.path) has lost the machine \(made)")
    }
    return machine
  }

  private func isAtEnd(_ machine: MockMachine, _ now: Int64) -> Bool {
    var machine = machine
    machine.settle(now, target)
    return MachineState(rawValue: machine.state)?.isEnd ?? false
  }

  private func check(_ order: MachineOrder) throws {
    let image = order.machine.image ?? order.machine.family ?? order.machine.template ?? ""
    if image.isEmpty { throw ActionFailure("a machine needs an image") }
    if !target.images.isEmpty, !target.images.contains(where: { $0.name == image }) {
      throw ActionFailure("there is no image `\(image)`")
    }
    if let type = order.machine.type, !target.types.isEmpty, !target.types.contains(type) {
      throw ActionFailure("there is no type `\(type)`")
    }
  }

  /// An address that leads to no other computer: a health check asks it.
  private func nextAddress(_ contents: inout MockFile.Contents) -> String {
    contents.addresses += 1
    return "127.77.\(contents.addresses / 250 % 250).\(contents.addresses % 250 + 1)"
  }

  /// Has a machine that is at rest run again, at another address.
  public func start(_ id: String) async throws -> FoundMachine? {
    try await call(.start, on: id) { machine, contents, now in
      switch MachineState(rawValue: machine.state) {
      case .stopped, .suspended:
        machine.pass(.pending, until: now + target.delay.start.milliseconds)
        (machine.check, machine.checkedAt) = (nil, nil)
        machine.address = nextAddress(&contents)
        machine.launchedAt = now
        machine.reason = nil
      case .pending, .running, .repairing: break
      default: throw ActionFailure("machine \(id) is \(machine.state), and can't be started")
      }
    }
  }

  /// Has a machine stop.
  public func stop(_ id: String) async throws -> FoundMachine? {
    try await call(.stop, on: id) { machine, _, now in
      switch MachineState(rawValue: machine.state) {
      case .pending, .running, .repairing, .suspended:
        machine.pass(.stopping, until: now + target.delay.stop.milliseconds)
        machine.reason = "Client.UserInitiatedShutdown"
      case .stopping, .stopped, .suspending: break
      default: throw ActionFailure("machine \(id) is \(machine.state), and can't be stopped")
      }
    }
  }

  /// Has a machine end, and takes its disk away.
  public func terminate(_ id: String) async throws -> FoundMachine? {
    try await call(.terminate, on: id) { machine, _, now in
      guard MachineState(rawValue: machine.state)?.isEnd != true else { return }
      machine.pass(.terminating, until: now + target.delay.terminate.milliseconds)
      machine.reason = "Client.UserInitiatedShutdown"
      try? FileManager.default.removeItem(atPath: file.disk(of: id))
    }
  }

  /// Changes the type of a machine that is at rest, and the disk of any.
  public func change(_ id: String, to change: MachineChange) async throws -> FoundMachine? {
    try await call(.change, on: id) { machine, _, _ in
      if let type = change.type, type != machine.type {
        guard MachineState(rawValue: machine.state)?.isAtRest == true else {
          throw ActionFailure("machine \(id) must be stopped before its type is changed")
        }
        if !target.types.isEmpty, !target.types.contains(type) {
          throw ActionFailure("there is no type `\(type)`")
        }
        machine.type = type
      }
      guard let disk = change.disk else { return }
      if let old = machine.disk.flatMap({ ByteQuantity($0) }), disk.bytes < old.bytes {
        throw ActionFailure("the disk of machine \(id) can't shrink from \(old) to \(disk)")
      }
      machine.disk = disk.description
    }
  }

  /// Changes the tags of a machine, whatever its state is.
  public func tag(
    _ id: String, with tags: [String: String], dropping gone: Set<String>
  ) async throws -> FoundMachine? {
    try await call(.tag, on: id) { machine, _, _ in
      for key in gone { machine.tags[key] = nil }
      machine.tags.merge(tags) { _, new in new }
    }
  }

  // MARK: Going wrong

  private func call(
    _ call: MockCall, on id: String,
    _ body: (inout MockMachine, inout MockFile.Contents, Int64) throws -> Void
  ) async throws -> FoundMachine? {
    let isThere = try await self.call(call) { contents, now -> Bool in
      guard let index = contents.machines.firstIndex(where: { $0.id == id }) else { return false }
      var machine = contents.machines[index]
      machine.settle(now, target)
      try body(&machine, &contents, now)
      contents.machines[index] = machine
      return true
    }
    return isThere ? try await machine(id) : nil
  }

  /// Makes a call, or has it go wrong as the target says.
  private func call<Result: Sendable>(
    _ call: MockCall, _ body: (inout MockFile.Contents, Int64) throws -> Result
  ) async throws -> Result {
    try Task.checkCancellation()
    let now = now()
    let (result, failure) = try await file.change { contents -> (Result?, MockFailure?) in
      let place = target.fail.indices.first { index in
        target.fail[index].call == call && contents.failed["\(index)", default: 0] < target.fail[index].times
      }
      guard let place else { return (try body(&contents, now), nil) }
      contents.failed["\(place)", default: 0] += 1
      let failure = target.fail[place]
      return (failure.how == .lostReply ? try body(&contents, now) : nil, failure)
    }
    if let failure {
      switch failure.how {
      case .refused:
        throw ActionFailure(failure.message ?? "`\(call.rawValue)` is refused, as the target says")
      case .unreachable:
        throw ProviderError(failure.message ?? "`\(call.rawValue)` can't be asked, as the target says")
      case .lostReply:
        throw ProviderError(failure.message ?? "the answer to `\(call.rawValue)` is lost, as the target says")
      }
    }
    guard let result else { throw ProviderError("`\(call.rawValue)` has no answer") }
    return result
  }
}
