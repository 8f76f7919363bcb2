/// Small pieces of data that an engine keeps under names, and four primitives on them: all that a ``RegisterStore``
/// needs of an engine.
///
/// A name is one or more parts joined by `/`, of lower-case letters, digits, `-`, `_` and `.`; an engine that allows
/// less writes names in its own way. Each primitive happens whole, or not at all, and what happened is seen by
/// every client from then on. One whose answer is lost may have happened: the store finds out by itself.
///
/// Every primitive throws ``StoreError`` where the engine can't be asked or refuses.
public protocol Registers: Sendable {
  /// The most bytes that a register holds; at least 16 KiB. What is larger is kept in several.
  var capacity: Int { get }

  /// What is kept under a name; `nil` if nothing is.
  func get(_ name: String) async throws -> Register?

  /// What is kept under all names that begin with a prefix, ordered by name.
  ///
  /// - Parameter contents: whether what they hold is asked for; otherwise ``Register/contents`` may be empty.
  func list(_ prefix: String, contents: Bool) async throws -> [Register]

  /// Keeps something under a name under which nothing is kept.
  ///
  /// - Returns: whether it is kept; not if something was there.
  func create(_ name: String, _ contents: [UInt8]) async throws -> Bool

  /// Keeps something else under a name, or nothing any more, if what is kept there still has a version.
  ///
  /// - Parameter contents: `nil` deletes the register.
  /// - Returns: whether it happened; not if the register has another version, or is gone.
  func swap(_ name: String, from version: RegisterVersion, to contents: [UInt8]?) async throws -> Bool

  /// Whether the holder of a lock is known for certain to be gone; by default, that can't be told.
  func isGone(_ holder: LockHolder) -> Bool
}

extension Registers {
  /// That can't be told.
  public func isGone(_ holder: LockHolder) -> Bool { false }
}

/// What is kept under a name.
public struct Register: Sendable, Equatable {
  /// The name, unique in the storage.
  public let name: String
  /// Which of the things that were kept under the name it is.
  public let version: RegisterVersion
  /// What it holds: at most ``Registers/capacity`` bytes, and none where a list was asked for without contents.
  public let contents: [UInt8]

  public init(name: String, version: RegisterVersion, contents: [UInt8]) {
    self.name = name
    self.version = version
    self.contents = contents
  }
}

/// What an engine tells the states of one register apart by. No two states of a register have the same one, also where
/// it was deleted and made anew between them.
public struct RegisterVersion: Sendable, Hashable {
  /// As the engine writes it.
  public let text: String

  /// Wraps what an engine says.
  public init(_ text: String) { self.text = text }
}
