import CProcess
import Synchronization

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
  /// Where something was mounted that was not taken away since. To look takes a process of its own.
  private let places = Mutex<Set<FolderPlace>>([])

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

  /// Mounts a folder or a file at a place of the same kind, with what is mounted below it. No step of the way there
  /// follows a link.
  ///
  /// - Parameter isReadOnly: whether nothing can be written there.
  func mount(
    _ source: String, at place: FolderPlace, isFile: Bool = false, isReadOnly: Bool = false
  ) throws(SystemError) {
    let code = source.withCString { source in
      perform(place) { mounts, path in
        var request = berth_mount_request(
          source: source, is_file: isFile ? 1 : 0, is_read_only: isReadOnly ? 1 : 0, options: nil)
        return berth_mount(mounts, &request, place.base, path)
      }
    }
    if code != 0 { throw SystemError("mount \(source) at \(place)", code: code) }
    note(place)
  }

  /// Mounts memory at a place, which is a folder.
  ///
  /// - Parameter options: its options as mount(8) has them for tmpfs.
  func mountMemory(_ options: String, at place: FolderPlace) throws(SystemError) {
    let code = options.withCString { options in
      perform(place) { mounts, path in
        var request = berth_mount_request(source: nil, is_file: 0, is_read_only: 0, options: options)
        return berth_mount(mounts, &request, place.base, path)
      }
    }
    if code != 0 { throw SystemError("mount memory at \(place)", code: code) }
    note(place)
  }

  private func note(_ place: FolderPlace) { _ = places.withLock { $0.insert(place) } }

  /// Takes away what is mounted at a place, if anything is.
  func unmount(_ place: FolderPlace) {
    guard places.withLock({ $0.contains(place) }) else { return }
    // Where a service renamed a folder above it, the mount goes with what it is below.
    if perform(place, { berth_unmount($0, place.base, $1) }) == 0 {
      _ = places.withLock { $0.remove(place) }
    }
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
