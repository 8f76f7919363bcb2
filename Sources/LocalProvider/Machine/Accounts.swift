#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The users and groups of this machine.
enum Accounts {
  struct User: Equatable {
    /// The number.
    var id: UInt32
    /// The group that it is in first.
    var group: UInt32
    /// All groups that it is in.
    var groups: [UInt32]
    /// Its own folder.
    var home: String
  }

  /// A user by name or number. A number that no user has is one with a group of the same number, and no folder.
  static func user(_ text: String) -> User? {
    var found: UnsafeMutablePointer<passwd>?
    var entry = passwd()
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    let number = plainNumber(text)
    if let number {
      _ = getpwuid_r(number, &entry, &buffer, buffer.count, &found)
    } else {
      _ = getpwnam_r(text, &entry, &buffer, buffer.count, &found)
    }
    guard found != nil else {
      return number.map { User(id: $0, group: $0, groups: [$0], home: "/") }
    }
    return User(
      id: entry.pw_uid, group: entry.pw_gid, groups: groups(of: entry), home: String(cString: entry.pw_dir))
  }

  /// The number of a group by its name or number.
  static func groupNumber(_ text: String) -> UInt32? {
    if let number = plainNumber(text) { return number }
    var found: UnsafeMutablePointer<SystemGroup>?
    var entry = SystemGroup()
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    _ = getgrnam_r(text, &entry, &buffer, buffer.count, &found)
    return found == nil ? nil : entry.gr_gid
  }

  private static func groups(of user: passwd) -> [UInt32] {
    var count: Int32 = 64
    while true {
      #if canImport(Darwin)
        var groups = [Int32](repeating: 0, count: Int(count))
        let result = getgrouplist(user.pw_name, Int32(bitPattern: user.pw_gid), &groups, &count)
        if result >= 0 { return groups.prefix(Int(count)).map { UInt32(bitPattern: $0) } }
      #else
        var groups = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(user.pw_name, user.pw_gid, &groups, &count) >= 0 {
          return Array(groups.prefix(Int(count)))
        }
      #endif
      count = max(count, 1) * 2
      if count > 1 << 16 { return [user.pw_gid] }
    }
  }

  private static func plainNumber(_ text: String) -> UInt32? {
    text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? UInt32(text) : nil
  }
}

/// What the system knows of a group.
private typealias SystemGroup = group
