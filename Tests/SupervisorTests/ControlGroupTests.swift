import Testing

@testable import Supervisor

/// Where control groups are found, by files that look like the kernel's.
@Suite struct ControlGroupTests {
  // MARK: Mounts

  private static let separateMounts = """
    22 1 0:21 / /sys rw,nosuid - sysfs sysfs rw
    30 22 0:26 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
    31 22 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
    32 22 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
    33 22 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
    """

  @Test("Hierarchies of both versions are read") func hierarchiesOfBothVersionsAreRead() {
    let hierarchies = GroupHierarchy.parse(
      mounts: Self.separateMounts,
      membership:
        "5:memory:/user/ada\n4:cpu,cpuacct:/\n1:name=systemd:/user.slice\n0::/user.slice/ada.scope\n")
    #expect(
      hierarchies == [
        GroupHierarchy(
          isUnified: false, controllers: ["memory"], top: "/sys/fs/cgroup/memory",
          own: "/sys/fs/cgroup/memory/user/ada"),
        GroupHierarchy(
          isUnified: false, controllers: ["cpu", "cpuacct"], top: "/sys/fs/cgroup/cpu,cpuacct",
          own: "/sys/fs/cgroup/cpu,cpuacct"),
        GroupHierarchy(
          isUnified: false, controllers: ["name=systemd"], top: "/sys/fs/cgroup/systemd",
          own: "/sys/fs/cgroup/systemd/user.slice"),
        GroupHierarchy(
          isUnified: true, controllers: [], top: "/sys/fs/cgroup/unified",
          own: "/sys/fs/cgroup/unified/user.slice/ada.scope"),
      ])
  }

  /// A container sees its own part of a hierarchy at the top.
  @Test(
    "A part of a hierarchy is read",
    arguments: [
      ("/docker/17", "/docker/17", "/sys/fs/cgroup"), ("/docker/17", "/docker/17/a/b", "/sys/fs/cgroup/a/b"),
      ("/", "/a", "/sys/fs/cgroup/a"), ("/docker/17", "/docker/170", nil), ("/docker/17", "/", nil),
      ("/", "/../outside", nil),
    ] as [(String, String, String?)])
  func aPartOfAHierarchyIsRead(_ root: String, _ place: String, _ own: String?) {
    let hierarchies = GroupHierarchy.parse(
      mounts: "30 22 0:26 \(root) /sys/fs/cgroup rw - cgroup2 cgroup2 rw", membership: "0::\(place)")
    #expect(hierarchies.first?.own == own)
  }

  @Test(
    "What is no hierarchy is none",
    arguments: ["", "nonsense", "1 2 3 4 5", "30 22 0:26 / /x rw - ext4 /dev/sda rw"])
  func whatIsNoHierarchyIsNone(_ mounts: String) {
    #expect(GroupHierarchy.parse(mounts: mounts, membership: "0::/").isEmpty)
  }

  // MARK: The search

  @Test("The nearest group that can hand on is chosen") func theNearestGroupThatCanHandOnIsChosen() throws {
    let tree = try GroupTree()
    try tree.make("", handsOn: "cpu memory", type: nil)
    try tree.make("/user", handsOn: "memory")
    try tree.make("/user/slice", controllers: "memory", handsOn: "memory")
    try tree.make("/user/slice/own", controllers: "memory", processes: "17")
    let search = ControlGroupSearch([tree.unified(own: "/user/slice/own")])
    #expect(search.groups.unified == tree.top + "/user")
    #expect(search.groups.cpu == tree.top + "/user")
    #expect(search.groups.memory == tree.top + "/user")
    #expect(search.cpuObstacle == nil && search.memoryObstacle == nil)
  }

  /// What may not be written to ends the way up: to move a process, the first common group must be ours, too.
  @Test("The way up ends at what is not ours") func theWayUpEndsAtWhatIsNotOurs() throws {
    let tree = try GroupTree()
    try tree.write("/cgroup.controllers", "cpu memory")
    try tree.make("/user/own", processes: "17")
    let search = ControlGroupSearch([tree.unified(own: "/user/own")])
    #expect(search.groups.unified == tree.top + "/user/own")
    #expect(search.groups.cpu == nil && search.groups.memory == nil)
    #expect(search.memoryObstacle == "the control group \(tree.top)/user/own may not hand on `memory`")
  }

  @Test("Memory alone is better than nothing") func memoryAloneIsBetterThanNothing() throws {
    let tree = try GroupTree()
    try tree.make("", controllers: "cpu memory", type: nil)
    try tree.make("/user", controllers: "memory", handsOn: "memory")
    try tree.make("/user/own", controllers: "memory", processes: "17")
    try tree.write("/cgroup.procs.gone", "")
    try Files.remove(tree.top + "/cgroup.procs")
    let search = ControlGroupSearch([tree.unified(own: "/user/own")])
    #expect(search.groups.memory == tree.top + "/user")
    #expect(search.groups.cpu == nil)
    #expect(search.cpuObstacle != nil && search.memoryObstacle == nil)
  }

  @Test("Separate hierarchies limit and the unified one kills")
  func separateHierarchiesLimitAndTheUnifiedOneKills() throws {
    let (cpu, memory, unified) = (try GroupTree(), try GroupTree(), try GroupTree())
    try cpu.write("/a/cgroup.procs", "")
    try memory.write("/b/cgroup.procs", "")
    try unified.make("", controllers: "", processes: "1", type: nil)
    let search = ControlGroupSearch([
      cpu.separate(["cpu", "cpuacct"], own: "/a"), memory.separate(["memory"], own: "/b"),
      unified.unified(own: ""),
    ])
    #expect(search.groups.cpu == cpu.top + "/a")
    #expect(search.groups.memory == memory.top + "/b")
    #expect(search.groups.unified == unified.top)
    #expect(search.groups.folders.count == 3)
  }

  @Test("Where nothing is the reason is said") func whereNothingIsTheReasonIsSaid() throws {
    let nothing = ControlGroupSearch([])
    #expect(nothing.groups == ControlGroups())
    #expect(nothing.cpuObstacle == "this system has no control groups that berth can see")
    let tree = try GroupTree()
    let closed = ControlGroupSearch([tree.separate(["memory"], own: "/b")])
    #expect(closed.memoryObstacle == "the control group \(tree.top)/b can't be written to")
  }

  @Test("Controllers are handed on once") func controllersAreHandedOnOnce() throws {
    let tree = try GroupTree()
    try tree.make("", handsOn: "cpu memory", type: nil)
    var groups = ControlGroupSearch([tree.unified(own: "")]).groups
    #expect(groups.handOnControllers().isEmpty)
    #expect(tree.text("/cgroup.subtree_control").hasPrefix("+pids"))
    try tree.make("", handsOn: "cpu memory pids", type: nil)
    #expect(groups.handOnControllers().isEmpty)
    #expect(tree.text("/cgroup.subtree_control") == "cpu memory pids\n")
    try Files.remove(tree.top + "/cgroup.subtree_control")
    #expect(groups.handOnControllers().count == 3)
    #expect(groups.cpu == nil && groups.memory == nil && groups.pids == nil && groups.unified == tree.top)
  }

  // MARK: A service's group

  @Test(
    "Limits of the unified hierarchy are written",
    arguments: [
      (ServiceLimits(cpu: 500, memory: 1 << 20), "50000 100000", "1048576"),
      (ServiceLimits(cpu: 1, memory: nil), "1000 100000", "max"),
      (ServiceLimits(cpu: nil, memory: 7), "max 100000", "7"),
    ])
  func limitsOfTheUnifiedHierarchyAreWritten(_ limits: ServiceLimits, _ cpu: String, _ memory: String) throws
  {
    let tree = try GroupTree()
    for file in ["cpu.max", "memory.max"] { try tree.write("/group/\(file)", "") }
    var groups = ControlGroups()
    (groups.cpu, groups.memory, groups.unified) = (tree.top, tree.top, tree.top)
    try ServiceGroup(groups: groups, name: "group").limit(to: limits)
    #expect(tree.text("/group/cpu.max") == cpu)
    #expect(tree.text("/group/memory.max") == memory)
  }

  /// What is not asked for is written only where it was something else, so that files need not be there.
  @Test("All else is written where it is asked for") func allElseIsWrittenWhereItIsAskedFor() throws {
    let tree = try GroupTree()
    for file in ["cpu.max", "memory.max", "pids.max", "memory.low", "memory.swap.max", "cpu.weight"] {
      try tree.write("/group/\(file)", "")
    }
    var groups = ControlGroups()
    (groups.cpu, groups.memory, groups.pids, groups.unified) = (tree.top, tree.top, tree.top, tree.top)
    let group = ServiceGroup(groups: groups, name: "group")
    try group.limit(to: ServiceLimits(pids: 7, swap: 4096, reservedCPU: 1000, reservedMemory: 8192))
    func texts() -> [String] {
      ["pids.max", "memory.swap.max", "cpu.weight", "memory.low"].map { tree.text("/group/\($0)") }
    }
    #expect(texts() == ["7", "4096", "39", "8192"])
    for file in ["pids.max", "memory.swap.max", "cpu.weight", "memory.low"] {
      try tree.write("/group/\(file)", "1")
    }
    try group.limit(to: ServiceLimits())
    #expect(texts().map { $0.prefix(3) } == ["max", "max", "100", "0\n"])
  }

  @Test("Of separate hierarchies each has its part") func ofSeparateHierarchiesEachHasItsPart() throws {
    let (cpu, memory, pids) = (try GroupTree(), try GroupTree(), try GroupTree())
    for file in ["cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.shares"] {
      try cpu.write("/group/\(file)", "")
    }
    for file in ["memory.limit_in_bytes", "memory.soft_limit_in_bytes"] {
      try memory.write("/group/\(file)", "")
    }
    try pids.write("/group/pids.max", "")
    var groups = ControlGroups()
    (groups.cpu, groups.memory, groups.pids) = (cpu.top, memory.top, pids.top)
    let group = ServiceGroup(groups: groups, name: "group")
    try group.limit(to: ServiceLimits(pids: 7, reservedCPU: 500, reservedMemory: 8192))
    #expect(cpu.text("/group/cpu.shares") == "512")
    #expect(memory.text("/group/memory.soft_limit_in_bytes") == "8192")
    #expect(pids.text("/group/pids.max") == "7")
    let search = ControlGroupSearch([memory.separate(["memory"], own: "/group")])
    #expect(search.swapObstacle != nil)
  }

  @Test("What the unified hierarchy counts is read") func whatTheUnifiedHierarchyCountsIsRead() throws {
    let tree = try GroupTree()
    try tree.write("/group/cpu.stat", "usage_usec 1500\nuser_usec 1000")
    try tree.write("/group/memory.current", "5000")
    try tree.write("/group/memory.stat", "anon 1000\ninactive_file 2000")
    try tree.write("/group/memory.max", "max")
    try tree.write("/group/memory.events", "oom 3\noom_kill 2")
    try tree.write("/group/cgroup.procs", "17\n18")
    var groups = ControlGroups()
    (groups.cpu, groups.memory, groups.unified) = (tree.top, tree.top, tree.top)
    let group = ServiceGroup(groups: groups, name: "group")
    #expect(group.cpuTime == .microseconds(1500))
    #expect(group.memoryInUse == 3000)
    #expect(group.memoryLimit == nil)
    #expect(group.outOfMemoryKills == 2)
    #expect(group.processes == [17, 18])
    try tree.write("/group/memory.max", "4096")
    #expect(group.memoryLimit == 4096)
  }

  @Test("What separate hierarchies count is read") func whatSeparateHierarchiesCountIsRead() throws {
    let tree = try GroupTree()
    try tree.write("/group/memory.usage_in_bytes", "5000")
    try tree.write("/group/memory.stat", "inactive_file 1\ntotal_inactive_file 2000")
    try tree.write("/group/memory.limit_in_bytes", "9223372036854771712")
    try tree.write("/group/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1")
    var groups = ControlGroups()
    groups.memory = tree.top
    let group = ServiceGroup(groups: groups, name: "group")
    #expect(group.memoryInUse == 3000)
    #expect(group.memoryLimit == nil)
    #expect(group.outOfMemoryKills == 1)
    #expect(group.cpuTime == nil)
  }

  @Test("Where there is no group nothing is counted") func whereThereIsNoGroupNothingIsCounted() {
    let group = ServiceGroup(groups: ControlGroups(), name: "group")
    #expect(group.processes == nil && group.memoryInUse == nil && group.cpuTime == nil)
    #expect(group.outOfMemoryKills == 0)
  }

  @Test("Groups are written down as they are") func groupsAreWrittenDownAsTheyAre() throws {
    var record = InstanceRecord(
      namespace: "default", workload: "shop",
      place: InstancePlace(ordinal: 0, generation: 0, isBefore: false))
    #expect(record.json["controlGroups"] == nil)
    record.controlGroups.memory = "/sys/fs/cgroup/memory"
    let read = try InstanceRecord(json: record.json)
    #expect(read == record)
  }
}
