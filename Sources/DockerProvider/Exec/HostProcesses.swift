#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processes of this machine, as far as the system shows them and this user may look at them.
enum HostProcesses {
  /// Those whose environment has a variable with a value: `NAME=value`.
  static func all(withVariable variable: String) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let id = pid_t(name) else { continue }
      let variables = contents(of: "/proc/\(id)/environ").split(separator: 0)
      if variables.contains(where: { $0.elementsEqual(variable.utf8) }) { found.append(id) }
    }
    return found
  }

  /// Kills those whose environment has a variable with a value, and those that they start meanwhile.
  static func kill(withVariable variable: String) {
    for _ in 0..<10 {
      let found = all(withVariable: variable)
      if found.isEmpty { return }
      for id in found { _ = sendSignal(id, SIGKILL) }
    }
  }

  /// What the system tells in a file of its own; nothing if it does not let.
  static func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Under a name of its own, since this type has a function of the system's name.
  private static func sendSignal(_ process: pid_t, _ signal: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.kill(process, signal)
    #else
      Darwin.kill(process, signal)
    #endif
  }
}
