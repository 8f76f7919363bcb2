import CFaultyDisk

/// A disk for the stores of one folder that goes wrong at a chosen call. There is one at a time.
enum FaultyDisk {
  /// How a call goes wrong.
  enum Fault: String, CaseIterable, Sendable {
    /// There is no room, for one call only.
    case fullOnce
    /// There is no room any more.
    case full
    /// It can't be read or written, for one call only.
    case brokenOnce
    /// Nothing can be read or written any more: to the store this is the end, as a kill is.
    case broken

    fileprivate var code: Int32 { [.full, .fullOnce].contains(self) ? faulty_disk_full : faulty_disk_broken }
    fileprivate var persists: Bool { [.full, .broken].contains(self) }
  }

  private static let isInstalled = faulty_disk_install() == 0

  /// Does something while a call for the files of a folder goes wrong; none does without a fault.
  ///
  /// - Parameter keepsDurable: whether what is durable of each file is kept beside it, as `.durable`.
  /// - Returns: how many calls there were.
  static func during(
    _ fault: (Fault, at: Int)? = nil, in folder: StoreFolder, keepsDurable: Bool = false,
    _ body: () async -> Void
  ) async -> Int {
    precondition(isInstalled)
    faulty_disk_watch(
      folder.root, Int32(fault?.at ?? 0), fault?.0.code ?? 0, fault?.0.persists == true ? 1 : 0,
      keepsDurable ? 1 : 0)
    await body()
    return Int(faulty_disk_unwatch())
  }
}
