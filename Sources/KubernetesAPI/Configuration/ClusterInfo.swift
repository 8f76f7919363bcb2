import Values

extension Kubeconfig.Cluster {
  /// What an exec plugin is told of the cluster.
  func pluginInfo() throws -> JSON {
    var info: JSON = ["server": .string(server)]
    info["tls-server-name"] = serverName.map(JSON.string)
    if !verifies { info["insecure-skip-tls-verify"] = true }
    if let authorities {
      info["certificate-authority-data"] = .string(Base64.encode(try authorities.bytes()))
    }
    info["proxy-url"] = proxy.map(JSON.string)
    info["config"] = pluginConfig
    return info
  }
}
