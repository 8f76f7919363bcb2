import Foundation
import Testing

@testable import AWSAPI

/// The files of AWS's tools.
@Suite struct SettingsTests {
  @Test("Sections, comments, quotes and nested settings are read as AWS's tools read them")
  func sectionsAreRead() {
    let file = SharedFile(
      """
      # a comment
      [default]
      region = eu-central-1 ; there
      s3 =
        addressing_style = path
      [ profile  "two words" ]
      AWS_Access_Key_Id=AKIA=1
      [profile prod]
      region=eu-west-1
      [broken
      region=nowhere
      """, path: "config")
    #expect(file.sections["default"] == ["region": "eu-central-1", "s3": ""])
    #expect(file.sections["profile two words"] == ["aws_access_key_id": "AKIA=1"])
    #expect(file.sections["profile prod"]?["region"] == "eu-west-1")
  }

  @Test("The environment says where they are, which profile and which region") func theEnvironmentSays()
    throws
  {
    let home = try Home(
      config: "[default]\nregion=eu-central-1\n[profile prod]\nregion=eu-west-1\n",
      credentials: "[prod]\naws_access_key_id=A\n[only]\naws_access_key_id=B\n")
    let settings = try AWSSettings(environment: home.environment)
    #expect(settings.usualProfile == "default" && settings.region(of: nil) == "eu-central-1")
    #expect(settings.region(of: "prod") == "eu-west-1" && settings.profiles == ["default", "only", "prod"])
    #expect(settings.profile("prod")?["aws_access_key_id"] == "A" && settings.profile("gone") == nil)
    let other = try AWSSettings(
      environment: home.environment.merging(["AWS_REGION": "us-west-2", "AWS_PROFILE": "prod"]) { $1 })
    #expect(other.region(of: nil) == "us-west-2" && other.usualProfile == "prod")
    #expect(try AWSSettings(environment: ["HOME": "/nowhere"]).profiles.isEmpty)
  }

  @Test("A region and an endpoint are checked") func aRegionAndAnEndpointAreChecked() throws {
    #expect(
      try AWSRegion.endpoint(of: "sts", in: "eu-central-1").description
        == "https://sts.eu-central-1.amazonaws.com:443")
    #expect(try AWSRegion.endpoint(of: "s3", in: "cn-north-1").host == "s3.cn-north-1.amazonaws.com.cn")
    for region in ["", "eu west", "eu/..", "-eu"] {
      #expect(throws: AWSError.self) { try AWSRegion.endpoint(of: "s3", in: region) }
    }
    let error = #expect(throws: AWSError.self) {
      try AWSRegion.address("ftp://ada:planted@h", "the endpoint")
    }
    #expect(error?.message.contains("planted") == false)
  }
}

/// A home with the files of AWS's tools, which goes with the test.
final class Home: Sendable {
  let folder: String
  var environment: [String: String] { ["HOME": folder, "AWS_EC2_METADATA_DISABLED": "true"] }

  init(config: String = "", credentials: String = "") throws {
    folder = NSTemporaryDirectory() + "aws-\(UUID().uuidString)"
    try write(".aws/config", config)
    try write(".aws/credentials", credentials)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
