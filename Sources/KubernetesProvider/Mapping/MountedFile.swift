import ProviderKit
import WorkloadSpec

/// A file that a service is given, as its pod mounts it: one key of an object at one path.
struct MountedFile: Sendable, Equatable {
  /// What it is: the name of a config file, or the identity of a secret.
  let source: String
  /// Where the service sees it.
  let path: String
  /// The key of the object that holds it.
  let key: String
  let mode: UInt32
  /// Whether a Secret holds it.
  let isSecret: Bool

  /// The config files of a service, then the files of its secrets.
  ///
  /// - Parameter group: the group that the pod's volumes belong to; `nil` if the pod states none.
  static func all(of service: Service, group: Int?) -> [MountedFile] {
    let texts = service.texts
    let secretMode = secretMode(of: service, group: group)
    var files = service.configFiles.map { file in
      MountedFile(
        source: file.name, path: texts.fill(file.path), key: ConfigKey.file(file),
        mode: file.mode.flatMap { UInt32($0, radix: 8) }.map { readable($0, by: service.user, group: group) }
          ?? (file.holdsSecrets ? secretMode : 0o644),
        isSecret: file.holdsSecrets)
    }
    for secret in service.secrets {
      for path in secret.filePaths {
        let isCertificate = secret.type == .tls && path == secret.certificatePath
        let stated =
          isCertificate
          ? nil
          : secret.mode.flatMap { UInt32($0, radix: 8) }.map { readable($0, by: service.user, group: group) }
        files.append(
          MountedFile(
            source: secret.identity, path: texts.fill(path), key: ConfigKey.secret(at: path),
            mode: stated ?? (isCertificate ? 0o644 : secretMode), isSecret: true))
      }
    }
    return files
  }

  /// Stated permissions, so that they hold for the user of the service. Files of a pod belong to root, and to the group of its
  /// volumes: what their owner may do, that group may do, or all users of the one container that sees them.
  private static func readable(_ mode: UInt32, by user: String?, group: Int?) -> UInt32 {
    mode | added(to: mode, for: user, group: group)
  }

  private static func added(to mode: UInt32, for user: String?, group: Int?) -> UInt32 {
    guard let user = user?.split(separator: ":").first, user != "0" else { return 0 }
    // What is mounted is only read.
    let rights = mode >> 6 & 0o5
    return group == nil ? rights : rights << 3
  }

  /// The permissions of a file that is mounted, as a spec would state them: as it did, if they come of that.
  static func mode(of live: UInt32, statedAs stated: String, by user: String?, group: Int?) -> String {
    let made = UInt32(stated, radix: 8).map { readable($0, by: user, group: group) }
    return made == live ? stated : "0" + String(live & ~added(to: live, for: user, group: group), radix: 8)
  }

  /// The permissions of what is secret. Files of a pod belong to root, and to the group of its volumes: another user could
  /// not read them if only their owner could. No other container sees them.
  private static func secretMode(of service: Service, group: Int?) -> UInt32 {
    if service.user?.split(separator: ":").first == "0" { return GivenFile.secretMode }
    return group == nil ? 0o444 : 0o440
  }
}
