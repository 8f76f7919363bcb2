import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Puts files into containers and reads them, whether they run or not.
struct ContainerFiles: Sendable {
  let client: DockerClient

  /// Puts files into a service's container. Those that are there give way.
  ///
  /// - Parameter user: tells who runs the container, as its configuration says; secrets are that user's own.
  func put(
    _ files: [GivenFile], of service: WorkloadSpec.Service, into container: String,
    user: () async throws -> String?
  ) async throws {
    guard !files.isEmpty else { return }
    var owner = FileOwner.root
    if files.contains(where: { $0.isSecret && $0.owner == nil }) {
      owner = try await self.owner(of: user(), in: container)
    }
    for (folder, files) in Dictionary(grouping: files, by: { Self.folder(for: $0.path, of: service) }) {
      let entries = files.map { file in
        TarEntry.file(
          String(MountPath.plain(ContainerFields.fill(file.path)).dropFirst(folder.count).drop { $0 == "/" }),
          file.content, mode: file.mode,
          user: file.owner.map { Int($0.user) } ?? (file.isSecret ? owner.user : 0),
          group: file.owner.map { Int($0.group ?? $0.user) } ?? (file.isSecret ? owner.group : 0),
          modified: GivenFile.modified)
      }
      try await client.containers.putArchive(TarWriter.archive(entries), in: container, path: folder)
    }
  }

  /// Where an engine is asked to unpack a file: at the root, or, where that is read-only, at the volume that the file
  /// lies in.
  private static func folder(for path: String, of service: WorkloadSpec.Service) -> String {
    guard service.security.readOnlyRoot else { return "/" }
    let volumes = service.volumes.filter { $0.takes(path) }.map {
      MountPath.plain(ContainerFields.fill($0.mountPath))
    }
    return volumes.max { $0.utf8.count < $1.utf8.count } ?? "/"
  }

  /// Reads a file of a container; `nil` if there is none.
  func read(_ path: String, of container: String, upTo limit: Int) async throws -> [UInt8]? {
    let archive = try await ifFound {
      try await client.containers.archive(container, path: path).collect(upTo: limit)
    }
    return try archive.flatMap { try TarReader.entries(of: $0).first?.contents }
  }

  /// The numbers of the user who runs a container.
  private func owner(of user: String?, in container: String) async throws -> FileOwner {
    let parts = (user ?? "").split(separator: ":", maxSplits: 1).map(String.init)
    guard let name = parts.first else { return .root }
    let limit = 1 << 20
    func text(_ path: String) async throws -> String {
      String(decoding: try await read(path, of: container, upTo: limit) ?? [], as: UTF8.self)
    }
    let isByName = parts.contains { Int($0) == nil }
    let passwd = isByName || parts.count == 1 ? try await text("/etc/passwd") : ""
    let group = parts.count > 1 && Int(parts[1]) == nil ? try await text("/etc/group") : ""
    guard
      let owner = FileOwner(
        user: name, group: parts.count > 1 ? parts[1] : nil, passwd: passwd, groups: group)
    else { throw ActionFailure("the image's user `\(user ?? "")` is not in its /etc/passwd") }
    return owner
  }
}

extension WorkloadSpec.Volume {
  /// Whether a path lies in it, where it can be written before the service starts.
  func takes(_ path: String) -> Bool {
    guard type != .memory, !readOnly else { return false }
    let (folder, file) = (
      MountPath.plain(ContainerFields.fill(mountPath)), MountPath.plain(ContainerFields.fill(path))
    )
    return file.hasPrefix(folder + "/")
  }
}

/// Who owns a file, by numbers.
struct FileOwner: Sendable, Equatable {
  var user: Int
  var group: Int

  /// The one who may do everything.
  static let root = FileOwner(user: 0, group: 0)

  /// An owner by numbers.
  init(user: Int, group: Int) {
    self.user = user
    self.group = group
  }

  /// Looks names up; `nil` if a name is unknown.
  ///
  /// - Parameters:
  ///   - user: a name or a number.
  ///   - group: a name or a number; without it, it is the user's own group.
  ///   - passwd: the content of `/etc/passwd`.
  ///   - groups: the content of `/etc/group`.
  init?(user: String, group: String?, passwd: String, groups: String) {
    let entry = Self.lines(passwd).first { $0.count > 3 && ($0[0] == user || $0[2] == user) }
    guard let number = Int(user) ?? entry.flatMap({ Int($0[2]) }) else { return nil }
    self.user = number
    if let group {
      let named = Self.lines(groups).first { $0.count > 2 && $0[0] == group }
      guard let number = Int(group) ?? named.flatMap({ Int($0[2]) }) else { return nil }
      self.group = number
    } else {
      // A number without a name is in root's group, as engines have it.
      self.group = entry.flatMap { Int($0[3]) } ?? 0
    }
  }

  private static func lines(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").map { $0.split(separator: ":", omittingEmptySubsequences: false) }
  }
}
