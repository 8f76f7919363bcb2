/// Something that credentials come from.
protocol CredentialSource: Sendable {
  /// The credentials as they are now; `nil` if this source is not in use here.
  ///
  /// - Throws: ``AWSError`` if it is in use and has none.
  func credentials() async throws -> AWSCredentials?
}

/// Whether credentials may come from programs that the files of AWS's tools name.
package enum ProgramPermission: Sendable, Equatable {
  /// They may.
  case granted
  /// They may not, and why.
  case refused(because: String)
}

/// What all sources need.
package struct CredentialContext: Sendable {
  let settings: AWSSettings
  let door: WebDoor
  /// The region that STS is asked in, where none is said.
  let region: String?
  let programs: ProgramPermission
  /// The time, in seconds since 1970.
  let now: @Sendable () -> Int64

  package init(
    settings: AWSSettings, door: WebDoor, region: String?, programs: ProgramPermission,
    now: @escaping @Sendable () -> Int64 = { WallClock.seconds }
  ) {
    self.settings = settings
    self.door = door
    self.region = region
    self.programs = programs
    self.now = now
  }
}
