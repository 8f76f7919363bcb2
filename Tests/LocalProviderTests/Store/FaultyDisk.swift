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

  /// Does something, and something else while a call for the files of a folder waits, for a moment at most.
  ///
  /// - Parameter meanwhile: begins when the call begins to wait; not at all if there is no such call.
  static func during(
    pauseAt call: Int, in folder: StoreFolder, meanwhile: @escaping @Sendable () async -> Void,
    _ body: () async -> Void
  ) async {
    precondition(isInstalled)
    faulty_disk_watch(folder.root, Int32(call), faulty_disk_pause, 0, 0)
    let other = Task {
      while faulty_disk_is_paused() == 0 {
        do { try await Task.sleep(for: .milliseconds(1)) } catch { return }
      }
      // It is carried through also where the store is done before.
      await Task { await meanwhile() }.value
      faulty_disk_resume()
    }
    await body()
    other.cancel()
    await other.value
    _ = faulty_disk_unwatch()
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
