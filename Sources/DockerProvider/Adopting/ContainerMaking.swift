import DockerAPI
import Planning
import WorkloadSpec

extension Container {
  /// A container that berth did not make, as it would be described if berth had: what can be said to an engine in two ways
  /// is said in berth's.
  ///
  /// - Parameter labels: those of its stamp.
  func asMade(with labels: [String: String]) -> Container {
    var made = self
    made.config.labels = (config.labels ?? [:]).merging(labels) { $1 }
    made.host.mounts = mountsAsMade
    made.host.binds = nil
    made.host.tmpfs = nil
    made.config.healthcheck?.test = config.healthcheck?.test.map(HealthcheckConfig.inLongForm)
    return made
  }

  /// What is mounted in it, in the long form; what its image declares has no form of its own.
  private var mountsAsMade: [MountSpec] {
    let stated = Dictionary((host.mounts ?? []).map { (MountPath.plain($0.target), $0) }) { $1 }
    let options = Dictionary(
      (host.binds ?? []).compactMap { text -> (String, [Substring])? in
        let parts = text.split(separator: ":")
        guard parts.count == 3 else { return nil }
        return (MountPath.plain(String(parts[1])), parts[2].split(separator: ","))
      }
    ) { $1 }
    var made = (mounts ?? []).map { mount in
      var spec = stated[MountPath.plain(mount.destination)] ?? MountSpec(target: mount.destination)
      spec.type = mount.type ?? spec.type
      switch spec.type {
      case "volume": spec.source = mount.name ?? mount.source
      case "bind": spec.source = mount.source ?? spec.source
      default: break
      }
      if mount.writable == false { spec.readOnly = true }
      for option in options[MountPath.plain(mount.destination)] ?? [] { spec.add(option) }
      return spec
    }
    let there = Set(made.map { MountPath.plain($0.target) })
    made += (host.mounts ?? []).filter { !there.contains(MountPath.plain($0.target)) }
    for (path, options) in (host.tmpfs ?? [:]).sorted(by: { $0.key < $1.key }) {
      made.removeAll { MountPath.plain($0.target) == MountPath.plain(path) }
      made.append(MountSpec(type: "tmpfs", target: path, memoryOptions: .init(short: options)))
    }
    return made
  }

  /// Whether it can join networks: one that has another's, the machine's or none can't.
  var canJoinNetworks: Bool {
    let mode = host.networkMode ?? ""
    return mode != "host" && mode != "none" && !mode.hasPrefix("container:")
  }
}

extension HealthcheckConfig {
  /// A test as the words of a command: `CMD-SHELL` stands for a shell.
  static func inLongForm(_ test: [String]) -> [String] {
    test.first == "CMD-SHELL" ? ["CMD", "/bin/sh", "-c"] + test.dropFirst() : test
  }
}

extension MountSpec {
  /// Adds an option of the short form: `nocopy`, `rslave`.
  fileprivate mutating func add(_ option: Substring) {
    switch option {
    case "nocopy": volumeOptions = MountSpec.VolumeOptions(noCopy: true)
    case "private", "rprivate", "shared", "rshared", "slave", "rslave":
      bindOptions = MountSpec.BindOptions(propagation: String(option))
    default: break
    }
  }
}

extension MountSpec.MemoryOptions {
  /// Reads the short form: `size=1m,mode=1777`.
  init(short: String) {
    self.init()
    for option in short.split(separator: ",") {
      let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { continue }
      switch pair[0] {
      case "size": size = Self.bytes(pair[1])
      case "mode": mode = UInt32(pair[1], radix: 8)
      default: break
      }
    }
  }

  /// `64m`, `1073741824`.
  private static func bytes(_ text: String) -> Int64? {
    let units: [Character: Int64] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
    guard let last = text.lowercased().last, let unit = units[last] else { return Int64(text) }
    return Int64(text.dropLast()).map { $0.multipliedReportingOverflow(by: unit) }
      .flatMap { $0.overflow ? nil : $0.partialValue }
  }
}
