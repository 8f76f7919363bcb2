import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mount namespace of an instance, in which its volumes are mounted where its services see them. What a service
/// does there, it can't take the place of a volume with something else.
///
/// No other process sees these mounts, not even the supervisor, so that no folder that is deleted leads into a volume.
/// They end with the last process in the namespace and the supervisor that holds it.
final class MountNamespace: Sendable {
  private let space: OwnedDescriptor
  private let root: OwnedDescriptor

  /// Makes a namespace.
  ///
  /// - Parameter folder: one with which it is tried whether folders can be mounted.
  /// - Returns: `nil` where the system does not let this process do so.
  init?(trying folder: String) {
    var mounts = berth_mounts(space: -1, root: -1)
    guard berth_make_mounts(folder, &mounts) == 0 else { return nil }
    space = OwnedDescriptor(mounts.space)
    root = OwnedDescriptor(mounts.root)
  }

  /// What enters it.
  var descriptors: berth_mounts { berth_mounts(space: space.value, root: root.value) }

  /// Mounts a folder at a place, which is a folder. No step of the way there follows a link.
  func mount(_ folder: String, at place: FolderPlace) throws(SystemError) {
    let code = perform(place) { berth_mount($0, folder, place.base, $1) }
    if code != 0 { throw SystemError("mount \(folder) at \(place)", code: code) }
  }

  /// Takes away what is mounted at a place, if anything is.
  func unmount(_ place: FolderPlace) {
    // Where a service renamed a folder above it, the mount goes with what it is below.
    _ = perform(place) { berth_unmount($0, place.base, $1) }
  }

  private func perform(
    _ place: FolderPlace,
    _ body: (UnsafePointer<berth_mounts>, UnsafePointer<UnsafePointer<CChar>?>) -> Int32
  ) -> Int32 {
    withCStrings(place.path.map { Array($0.utf8) }) { names in
      withUnsafePointer(to: descriptors) {
        body($0, UnsafeRawPointer(names).assumingMemoryBound(to: UnsafePointer<CChar>?.self))
      }
    }
  }
}
