import Planning
import Synchronization
import Values

/// A release store over ``Registers``, which is all that an engine has to give.
///
/// Of each workload there is one head, a register that says what is true now and which records are. Whatever happens is
/// written in this order: first records, under names that no other run uses; then the head, from the version that was
/// read, by ``Registers/swap(_:from:to:)``. So something has happened when the head has moved, and of two that would
/// move it from one version, one does. Who is killed in between leaves records that no head refers to; the next run that
/// ends deletes them.
///
/// What is large of a snapshot, such as the content of a config file, is kept once, under its SHA-256.
public final class RegisterStore<Storage: Registers>: ReleaseStore {
  /// The registers that hold the whole history.
  public let registers: Storage
  let names: RegisterNames
  let limits: HistoryLimits
  let newDigestKey: [UInt8]?
  let memory: Mutex<Memory>

  /// What was seen or written before, so that it need not be read once more.
  struct Memory: Sendable {
    /// The last head of each workload, with what its register holds.
    var heads: [WorkloadKey: (contents: [UInt8], head: RegisterHead)] = [:]
    /// The runs that this store began.
    var openRuns: [RunID: OpenRun] = [:]
    /// Content by its digest.
    var blobs: [String: [UInt8]] = [:]
    var blobBytes = 0
  }

  /// A store.
  ///
  /// - Parameters:
  ///   - registers: what an engine gives.
  ///   - prefix: what the names of all its registers start with, so that several stores may share an engine: nothing, or
  ///     one or more parts and a `/`.
  ///   - limits: how much is kept of each workload's history.
  public convenience init(_ registers: Storage, prefix: String = "", limits: HistoryLimits = HistoryLimits())
  {
    self.init(registers, prefix: prefix, limits: limits, newDigestKey: nil)
  }

  /// - Parameters:
  ///   - newDigestKey: the key of the digests of secrets, should one be made; `nil` for a random one.
  package init(
    _ registers: Storage, prefix: String = "", limits: HistoryLimits = HistoryLimits(),
    newDigestKey: [UInt8]?
  ) {
    self.registers = registers
    names = RegisterNames(prefix: prefix)
    self.limits = limits
    self.newDigestKey = newDigestKey
    memory = Mutex(Memory())
  }

  /// A store that remembers what another one does, over registers that hold what the other's do.
  package init(copying other: RegisterStore, registers: Storage) {
    self.registers = registers
    names = other.names
    limits = other.limits
    newDigestKey = other.newDigestKey
    let copy = other.memory.withLock { $0 }
    memory = Mutex(copy)
  }

  // MARK: The head

  /// Reads a workload's head; where nothing is kept, that of an empty history.
  func look(at key: WorkloadKey) async throws -> RegisterHead {
    guard let register = try await registers.get(names.head(of: key)) else { return RegisterHead(of: key) }
    return try await head(in: register, of: key)
  }

  /// The head that a register holds.
  func head(in register: Register, of key: WorkloadKey) async throws -> RegisterHead {
    if let known = memory.withLock({ $0.heads[key] }), known.contents == register.contents {
      return known.head
    }
    let what = "the history of \(key)"
    let lines = try RegisterText.lines(of: register, what)
    guard lines.count == 3 else { throw RegisterText.damaged(register, what, "it has \(lines.count) lines") }
    var head: RegisterHead
    do {
      head = try RegisterHead(json: try RegisterText.value(lines[0], of: register, what))
      head.release = try await kept(lines[1], of: register, what, key) { try Release(json: $0) }
      head.operatorState = try await kept(lines[2], of: register, what, key) { json in
        guard let state = OperatorState(json: json) else { throw MalformedRecord() }
        return state
      }
    } catch is MalformedRecord {
      throw RegisterText.damaged(register, what, "it makes no sense")
    }
    note(head, in: register.contents)
    return head
  }

  /// What a line of a register tells, with what stands elsewhere.
  func kept<Content: Sendable>(
    _ line: ArraySlice<UInt8>, of register: Register, _ what: String, _ key: WorkloadKey,
    _ read: (Value) throws -> Content
  ) async throws -> RegisterHead.Kept<Content>? {
    let json = try RegisterText.value(line, of: register, what)
    if json == .null { return nil }
    let (value, outline) = try await Outline<BlobReference>.read(json, line: line) {
      try await self.blob($0, of: key)
    }
    return RegisterHead.Kept(content: try read(value), outline: outline)
  }

  func note(_ head: RegisterHead, in contents: [UInt8]) {
    memory.withLock { $0.heads[head.key] = (contents, head) }
  }

  // MARK: Moving the head

  /// Moves a workload's head.
  ///
  /// - Parameter decide: what is to become of the head, and of records first; see ``change(_:_:read:decide:contents:kept:)``.
  func moveHead<Result: Sendable>(
    of key: WorkloadKey,
    _ decide: (RegisterHead, _ mayBeMoved: Bool) async throws -> Move<RegisterHead, Result>
  ) async throws -> Result {
    try await change(names.head(of: key), "the history of \(key)") { register in
      guard let register else { return RegisterHead(of: key) }
      return try await head(in: register, of: key)
    } decide: { head, mayBeMoved in
      try await decide(head, mayBeMoved)
    } contents: { head in
      head.contents
    } kept: { head, contents in
      note(head, in: contents)
    }
  }

  // MARK: Content that stands elsewhere

  /// Reads content, and makes sure that it is whole.
  func blob(_ reference: BlobReference, of key: WorkloadKey) async throws -> [UInt8] {
    if let known = memory.withLock({ $0.blobs[reference.digest] }) { return known }
    let pieces = await names.pieces(of: reference, of: key).concurrentMap(atOnce: 8) {
      [registers] name -> Result<[UInt8]?, any Error> in
      do { return .success(try await registers.get(name)?.contents) } catch { return .failure(error) }
    }
    var content: [UInt8] = []
    for piece in pieces { content += try piece.get() ?? [] }
    guard BlobReference.digest(of: content) == reference.digest else {
      throw StoreError(
        "content of \(key), kept as `\(names.pieces(of: reference, of: key)[0])`, is damaged or gone",
        help: "nothing was changed; put a copy back")
    }
    remember(content, reference.digest)
    return content
  }

  private func remember(_ content: [UInt8], _ digest: String) {
    memory.withLock { memory in
      if memory.blobBytes > 16 << 20 { (memory.blobs, memory.blobBytes) = ([:], 0) }
      if memory.blobs.updateValue(content, forKey: digest) == nil { memory.blobBytes += content.count }
    }
  }

  func write(_ content: [UInt8], as reference: BlobReference, of key: WorkloadKey) async throws {
    let capacity = registers.capacity
    for (index, name) in names.pieces(of: reference, of: key).enumerated() {
      let piece = content[min(content.count, index * capacity)..<min(content.count, (index + 1) * capacity)]
      try await write(Array(piece), as: name)
    }
    remember(content, reference.digest)
  }
}
