import Foundation

/// Where machines of this computer are kept, and their history.
struct MachinesFolder {
  /// The folder with the machines: that which the target states, or one below `BERTH_HOME`.
  let machines: String
  /// The database of the history, which stands below `BERTH_HOME` whatever the target states.
  let history: String

  /// - Parameters:
  ///   - stated: the folder that the target states.
  ///   - target: what the target is called.
  ///   - provider: what its provider is called.
  init(_ stated: String?, of target: String, _ provider: String) {
    let home = Environment.home + "/\(provider)"
    let path = stated ?? home + "/\(target)/machines"
    machines = URL(fileURLWithPath: path).standardizedFileURL.path
    // The history goes with the machines: two targets that name one folder have one history.
    let name =
      stated == nil ? target : String(machines.split(separator: "/").joined(separator: "_").suffix(200))
    history = home + "/\(name)/berth.db"
  }
}
