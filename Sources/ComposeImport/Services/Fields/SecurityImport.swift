import Diagnostics
import WorkloadSpec

/// What a service may do to its machine.
extension ServiceImport {
  /// Capabilities, which a spec names without `CAP_`.
  mutating func readCapabilities(_ entry: ComposeEntry, as field: String) {
    var names: [String] = []
    for (text, location) in texts(entry.value, for: entry.key) {
      let upper = filled(text, for: entry.key, at: location).uppercased()
      let name = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
      if !name.isEmpty, !names.contains(name) { names.append(name) }
    }
    guard !names.isEmpty else { return }
    draft.stated[["security", "capabilities", field]] = .list(names.map { .string($0) })
  }

  /// The options of security modules: `no-new-privileges`, `seccomp=unconfined`, `label:disable`.
  mutating func readSecurityOptions(_ node: ComposeNode) {
    var labels: [SpecDraft] = []
    for (text, location) in texts(node, for: "security_opt") {
      let option = filled(text, for: "security_opt", at: location)
      let sign = option.firstIndex(of: "=") ?? option.firstIndex(of: ":")
      let name = sign.map { String(option[..<$0]) } ?? option
      let value = sign.map { String(option[option.index(after: $0)...]) } ?? ""
      switch name {
      case "no-new-privileges":
        if value.isEmpty || ComposeBool.value(value) == true {
          draft.stated[["security", "noNewPrivileges"]] = .plain(true)
        }
      case "seccomp" where value == "builtin": break
      case "seccomp" where value == "unconfined": draft.stated[["security", "seccomp"]] = .string(value)
      case "seccomp": readFilter(value, in: node.folder, at: location)
      case "apparmor" where !value.isEmpty: draft.stated[["security", "apparmor"]] = .string(value)
      case "label" where !value.isEmpty: labels.append(.string(value))
      case "systempaths", "credentialspec", "writable-cgroups":
        lost("the option `\(option)` of `security_opt`", at: location, help: "let the image do without it")
      default:
        invalid(
          "`\(option)` is no option of `security_opt`", at: location,
          help: "write it as `no-new-privileges:true` or `seccomp=unconfined`")
      }
    }
    if !labels.isEmpty { draft.stated[["security", "selinux"]] = .list(labels) }
  }

  /// A filter of system calls, which lies in a file.
  private mutating func readFilter(_ path: String, in folder: String, at location: SourceLocation) {
    let resolved = FilePath.resolve(path, in: folder)
    guard let source = files.source(at: resolved), let text = String(validating: source.bytes, as: UTF8.self)
    else {
      diagnostics.append(
        files.complaint(
          of: resolved, as: "the filter of system calls", at: location,
          help: "a path is taken from the folder of the file that it stands in"))
      return
    }
    draft.stated[["security", "seccomp"]] = .string(text.split(whereSeparator: \.isNewline).joined())
  }

  /// Devices of the machine.
  mutating func readDevices(_ node: ComposeNode) {
    var devices: [SpecDraft] = []
    var sources: Set<String> = []
    for element in elements(node, for: "devices") {
      guard let device = device(element) else { continue }
      guard sources.insert(device.source).inserted else {
        lost(
          "the second path of the device `\(device.source)`", at: element.location,
          help: "a spec lists each device once")
        continue
      }
      var members = [SpecDraft.Member(key: "source", value: .string(device.source))]
      if let path = device.path, path != device.source {
        members.append(SpecDraft.Member(key: "path", value: .string(path)))
      }
      if device.permissions != .readWriteMake {
        members.append(SpecDraft.Member(key: "permissions", value: .string(device.permissions.rawValue)))
      }
      devices.append(.map(members))
    }
    if !devices.isEmpty { draft.stated[["security", "devices"]] = .list(devices) }
  }

  /// A device, short as `SOURCE[:PATH][:PERMISSIONS]` or long.
  private mutating func device(_ node: ComposeNode) -> Device? {
    var device = Device()
    var permissions: String?
    if node.entries != nil {
      reportUnread(of: node, in: "devices", read: ["source", "target", "permissions"])
      device.source = node["source"].flatMap { filled($0, for: "source") } ?? ""
      device.path = node["target"].flatMap { filled($0, for: "target") }
      permissions = node["permissions"].flatMap { filled($0, for: "permissions") }
    } else {
      var parts = (filled(node, for: "devices") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        .map(String.init)
      if parts.count > 2 { permissions = parts.removeLast() }
      device.source = parts[0]
      if parts.count > 1 { device.path = parts[1] }
    }
    guard device.source.hasPrefix("/"), device.path.map({ $0.hasPrefix("/") }) ?? true else {
      lost(
        "the device `\(device.source)`", at: node.location,
        help: "name it by its path, as in `/dev/dri` or `/dev/a:/dev/b:rw`")
      return nil
    }
    guard let known = Self.permissions(permissions ?? "rwm") else {
      invalid(
        "`\(permissions ?? "")` are no permissions of a device", at: node.location,
        help: "write `r` (read), `w` (write) and `m` (make), such as `rw`")
      return nil
    }
    device.permissions = known
    return device
  }

  /// Permissions of a device in the order in which a spec has them.
  private static func permissions(_ text: String) -> DevicePermissions? {
    guard Set(text).count == text.count, text.allSatisfy({ "rwm".contains($0) }) else { return nil }
    return DevicePermissions(rawValue: "rwm".filter { text.contains($0) })
  }
}
