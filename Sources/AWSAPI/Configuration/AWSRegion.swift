import Wire

/// Regions, and where services are in them.
package enum AWSRegion {
  /// Whether a text can be the name of a region.
  package static func isValid(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text.first != "-" && text.last != "-"
      && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
  }

  /// The domain that the services of a region are in.
  package static func domain(of region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }

  /// Where a service of AWS is in a region.
  ///
  /// - Throws: ``AWSError`` if there can be no such region.
  package static func endpoint(of service: String, in region: String) throws(AWSError) -> ServerAddress {
    guard isValid(region) else {
      throw AWSError("\"\(region)\" is not the name of a region", help: "write it like eu-central-1")
    }
    return try address("https://\(service).\(region).\(domain(of: region))", "the endpoint of \(service)")
  }

  /// Reads an endpoint.
  ///
  /// - Parameter what: what it is, for messages.
  /// - Throws: ``AWSError`` if it can't be used.
  package static func address(_ text: String, _ what: String) throws(AWSError) -> ServerAddress {
    do throws(ServerAddress.Failure) {
      return try ServerAddress(text, schemes: [.https, .http])
    } catch {
      throw AWSError(
        "\(what) \"\(ServerAddress.withoutLogin(text))\" can't be used: \(error.message)",
        help: "write it like https://s3.example.com")
    }
  }
}
