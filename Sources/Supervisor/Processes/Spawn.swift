import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How a process is started.
struct Spawn {
  /// The program, as it was asked for.
  var name: String
  /// The files that it may be; the first that can be is executed.
  var candidates: [String]
  /// Whether these files are the places of a search, in which folders do not count.
  var isSearch = false
  /// The arguments, the program's own name first.
  var arguments: [[UInt8]]
  /// `NAME=value` texts.
  var environment: [[UInt8]]
  var directory: String
  /// What it reads from and writes to.
  var streams = Streams()
  /// The files `cgroup.procs` of the control groups that it joins, open for writing.
  var groups: [Int32] = []
  /// The mount namespace that it enters, if it is not this process's own.
  var mounts: MountNamespace?
  /// Under what it runs, apart from all that.
  var conditions: Conditions?
  /// The file mode creation mask.
  var mask: mode_t = 0o022

  /// Under what a process runs, by the numbers of this machine.
  struct Conditions {
    /// Who it becomes; `nil` for who this process is.
    var identity: ProcessIdentity?
    /// The capabilities that it and its programs can have at most, and those that a user has who is not root; `nil` for
    /// all that this process has.
    var capabilities: (bounding: UInt64, ambient: UInt64)?
    /// Whether no program gives it more rights than it has.
    var noNewPrivileges = false
    var limits: [berth_limit] = []
    /// How soon it is ended for want of memory.
    var oomScore: Int?
    /// The processors that it may run on.
    var processors: ProcessorList?
    /// The network and the host name that it is in.
    var spaces: ServiceSpaces?
  }

  /// The descriptors that a process starts with; -1 stands for none.
  struct Streams {
    /// What becomes standard input.
    var input: Int32 = -1
    /// What becomes standard output; without it, that is thrown away.
    var output: Int32 = -1
    /// What becomes standard error; without it, that is thrown away.
    var error: Int32 = -1
    /// A terminal that becomes all three, and the one that controls the process's session.
    var terminal: Int32 = -1
  }

  /// A process that can't be started.
  struct Failure: Error, Equatable {
    /// Why, in one line.
    let message: String
    /// What a shell would report: 127 if there is no such program, else 126.
    let exitCode: Int
    /// Whether nothing but its control group is the reason.
    var concernsGroup = false
  }

  /// Starts a process that leads a session and dies with this thread.
  func start() throws(Failure) -> pid_t {
    var process: pid_t = 0
    try run { berth_spawn($0, &process, $1) }
    return process
  }

  /// Starts a process that is no child of this one.
  func startDetached() throws(Failure) {
    try run { request, step in
      // A program that was just written can't be executed while a child that another thread forked at that
      // moment still holds it open for writing, which it does until its own exec, a moment later.
      for _ in 0..<400 {
        let code = berth_spawn_detached(request, step)
        if code != ETXTBSY { return code }
        usleep(5_000)
      }
      return ETXTBSY
    }
  }

  private func run(
    _ body: (UnsafePointer<berth_spawn_request>, UnsafeMutablePointer<berth_spawn_step>) -> Int32
  ) throws(Failure) {
    var step = BERTH_SPAWN_PREPARE
    let code = withCStrings(arguments) { arguments in
      withCStrings(environment) { environment in
        withCStrings(candidates.map { Array($0.utf8) }) { programs in
          directory.withCString { directory in
            groups.withUnsafeBufferPointer { groups in
              withMounts { mounts in
                withConditions { conditions in
                  var request = berth_spawn_request(
                    programs: UnsafeRawPointer(programs).assumingMemoryBound(to: UnsafePointer<CChar>?.self),
                    is_search: isSearch ? 1 : 0, arguments: arguments, environment: environment,
                    directory: directory, input: streams.input, output: streams.output, error: streams.error,
                    terminal: streams.terminal, groups: groups.baseAddress, group_count: Int32(groups.count),
                    mounts: mounts, conditions: conditions, mask: mask)
                  return body(&request, &step)
                }
              }
            }
          }
        }
      }
    }
    guard code != 0 else { return }
    let reason = SystemError.text(for: code)
    switch step {
    case BERTH_SPAWN_GROUP:
      throw Failure(groupReason: reason)
    case BERTH_SPAWN_NAMESPACE:
      throw Failure(message: "can't enter the mounts of its instance: \(reason)", exitCode: 126)
    case BERTH_SPAWN_NETWORK:
      throw Failure(message: "can't enter its network or host name: \(reason)", exitCode: 126)
    case BERTH_SPAWN_LIMITS:
      throw Failure(message: "can't set its `ulimits`: \(reason)", exitCode: 126)
    case BERTH_SPAWN_OOM_SCORE:
      throw Failure(message: "can't set its `oomScore`: \(reason)", exitCode: 126)
    case BERTH_SPAWN_PROCESSORS:
      throw Failure(message: "can't set its `cpuset`: \(reason)", exitCode: 126)
    case BERTH_SPAWN_USER:
      throw Failure(message: "can't become its `user`: \(reason)", exitCode: 126)
    case BERTH_SPAWN_CAPABILITIES:
      throw Failure(message: "can't set its rights: \(reason)", exitCode: 126)
    case BERTH_SPAWN_DIRECTORY:
      throw Failure(message: "can't enter \(directory): \(reason)", exitCode: 126)
    case BERTH_SPAWN_INTERPRETER:
      throw Failure(message: "can't execute \(name): its interpreter is missing", exitCode: 127)
    case BERTH_SPAWN_EXECUTE: throw Failure(of: name, code: code)
    default: throw Failure(message: "can't start a process: \(reason)", exitCode: 126)
    }
  }

  private func withConditions<Result>(_ body: (UnsafePointer<berth_conditions>?) -> Result) -> Result {
    guard let conditions else { return body(nil) }
    let identity = conditions.identity
    let mask = conditions.processors?.mask ?? []
    return withExtendedLifetime(conditions.spaces) {
      (identity?.groups ?? []).withUnsafeBufferPointer { groups in
        conditions.limits.withUnsafeBufferPointer { limits in
          mask.withUnsafeBufferPointer { mask in
            var request = berth_conditions(
              changes_user: identity == nil ? 0 : 1, user: identity?.user ?? 0, group: identity?.group ?? 0,
              further_groups: groups.baseAddress, further_group_count: Int32(groups.count),
              limits_capabilities: conditions.capabilities == nil ? 0 : 1,
              bounding: conditions.capabilities?.bounding ?? 0,
              ambient: conditions.capabilities?.ambient ?? 0,
              no_new_privileges: conditions.noNewPrivileges ? 1 : 0, limits: limits.baseAddress,
              limit_count: Int32(limits.count), has_oom_score: conditions.oomScore == nil ? 0 : 1,
              oom_score: Int32(conditions.oomScore ?? 0), processors: mask.baseAddress,
              processors_size: Int32(mask.count), network: conditions.spaces?.network?.value ?? -1,
              host_name: conditions.spaces?.hostName?.value ?? -1)
            return body(&request)
          }
        }
      }
    }
  }

  private func withMounts<Result>(_ body: (UnsafePointer<berth_mounts>?) -> Result) -> Result {
    guard let mounts else { return body(nil) }
    return withUnsafePointer(to: mounts.descriptors, body)
  }
}

extension Spawn.Failure {
  /// A program that the kernel does not execute, with the exit code that a shell has for it.
  init(of name: String, code: Int32) {
    let isMissing = [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code)
    let reason = code == ENOENT ? "no such program" : SystemError.text(for: code)
    self.init(message: "can't execute \(name): \(reason)", exitCode: isMissing ? 127 : 126)
  }

  /// A process that can't be in its control group, for a reason.
  init(groupReason reason: String) {
    self.init(message: "can't join its control group: \(reason)", exitCode: 126, concernsGroup: true)
  }
}

/// Calls with a null-terminated array of C strings.
func withCStrings<Result>(
  _ texts: [[UInt8]], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var bytes: [CChar] = []
  var starts: [Int] = []
  for text in texts {
    starts.append(bytes.count)
    bytes.append(contentsOf: text.map { CChar(bitPattern: $0) })
    bytes.append(0)
  }
  return bytes.withUnsafeMutableBufferPointer { buffer in
    let base = buffer.baseAddress
    let pointers = starts.map { start in base.map { $0 + start } } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}
