import Values

/// The folders in which the control groups of services are made.
package struct ControlGroups: Equatable, Sendable {
  /// Where processor time is limited; `nil` if it can't be.
  var cpu: String?
  /// Where memory is limited; `nil` if it can't be.
  var memory: String?
  /// Where the number of processes is limited; `nil` if it can't be.
  var pids: String?
  /// The one of these folders, or another one, that is in the hierarchy of version 2, where a group can be killed as
  /// a whole; `nil` if there is none.
  var unified: String?

  /// Each folder once.
  var folders: [String] { Set([cpu, memory, pids, unified].compactMap(\.self)).sorted() }

  /// As it stands in `state.json`.
  var json: Value {
    ["cpu": Value(cpu), "memory": Value(memory), "pids": Value(pids), "unified": Value(unified)]
  }

  /// No folders.
  init() {}

  /// Reads what ``json`` wrote.
  init(json: Value) {
    cpu = json["cpu"]?.string
    memory = json["memory"]?.string
    pids = json["pids"]?.string
    unified = json["unified"]?.string
  }

  // MARK: Making ready

  /// Makes the hierarchy of version 2 hand its controllers on to the groups that are made in it. What it does not
  /// hand on can't be limited.
  ///
  /// - Returns: what went wrong.
  mutating func handOnControllers() -> [SystemError] {
    guard let unified else { return [] }
    var errors: [SystemError] = []
    for (controller, folder) in [
      ("cpu", \ControlGroups.cpu), ("memory", \ControlGroups.memory), ("pids", \ControlGroups.pids),
    ] where self[keyPath: folder] == unified {
      let file = unified + "/cgroup.subtree_control"
      if GroupFile.words(file).contains(controller) { continue }
      do { try GroupFile.write("+\(controller)", to: file) } catch {
        self[keyPath: folder] = nil
        errors.append(error)
      }
    }
    return errors
  }

  // MARK: Taking away

  /// Takes away groups by their names, with every process in them.
  func remove(where isMeant: (String) -> Bool) {
    for folder in folders {
      for name in (try? Files.names(in: folder)) ?? [] where isMeant(name) {
        ServiceGroup(groups: self, name: name).remove()
      }
    }
  }
}
