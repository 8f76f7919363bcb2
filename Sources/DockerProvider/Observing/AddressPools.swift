import DockerAPI

/// The addresses that an engine divides among its networks, each of which takes one part of a pool.
struct AddressPools: Sendable, Equatable {
  /// One pool: a block, and how many bits the addresses of one network have in common.
  struct Pool: Sendable, Equatable {
    let base: AddressBlock
    let size: Int

    /// How many networks it has addresses for.
    var count: Int { base.prefix <= size && size <= 32 ? 1 << (size - base.prefix) : 0 }
  }

  /// The pools, in the order in which the engine takes from them.
  let pools: [Pool]

  /// The pools of an engine that was told nothing of them.
  static let builtIn = AddressPools(
    pools: [
      ("172.17.0.0/16", 16), ("172.18.0.0/16", 16), ("172.19.0.0/16", 16), ("172.20.0.0/14", 16),
      ("172.24.0.0/14", 16), ("172.28.0.0/14", 16), ("192.168.0.0/16", 20),
    ].compactMap { base, size in AddressBlock(base).map { Pool(base: $0, size: size) } })

  init(pools: [Pool]) { self.pools = pools }

  /// The pools of an engine. Those of IPv6 are no concern of networks that ask for none.
  init(_ info: EngineInfo) {
    let told = (info.addressPools ?? []).compactMap { pool in
      AddressBlock(pool.base).map { Pool(base: $0, size: pool.size) }
    }
    self = told.isEmpty ? .builtIn : AddressPools(pools: told)
  }

  /// How many networks may still be made beside those that there are. What else the engine's machine has on its routes
  /// may leave fewer.
  ///
  /// - Parameter used: the blocks of the networks that there are.
  func free(beside used: [AddressBlock]) -> Int {
    pools.reduce(0) { $0 + $1.count - Self.taken(of: $1, by: used) }
  }

  /// How many parts of a pool are touched by some blocks.
  private static func taken(of pool: Pool, by used: [AddressBlock]) -> Int {
    guard pool.count > 0 else { return 0 }
    let shift = UInt32(32 - pool.size)
    let ranges = used.filter { $0.first <= pool.base.last && $0.last >= pool.base.first }.map { block in
      (max(block.first, pool.base.first) >> shift)...(min(block.last, pool.base.last) >> shift)
    }.sorted { $0.lowerBound < $1.lowerBound }
    var (count, end) = (0, UInt64(0))
    for range in ranges {
      // One that is touched by several counts once.
      let start = max(UInt64(range.lowerBound), end)
      guard start <= range.upperBound else { continue }
      count += Int(UInt64(range.upperBound) - start) + 1
      end = UInt64(range.upperBound) + 1
    }
    return count
  }

  /// `172.17.0.0/16 in parts of /16, …`.
  var words: String { pools.map { "\($0.base) in parts of /\($0.size)" }.joined(separator: ", ") }

  /// What makes room for more networks.
  static let help =
    #"give the engine more in its daemon.json, `"default-address-pools": [{"base": "10.64.0.0/10", "size": 24}]`, and restart it; or remove networks that nothing uses: `docker network prune`"#

  /// Whether an engine refuses to make a network because no addresses are left.
  static func isExhaustion(_ error: DockerError) -> Bool {
    // As engines up to version 27 say it, and as later ones do.
    ["non-overlapping IPv4 address pool", "address pools have been fully subnetted"].contains {
      error.message.contains($0)
    }
  }
}
