import Testing

@testable import Supervisor

@Suite struct FilesTests {
  @Test(
    "Paths are made plain",
    arguments: [
      ("/nowhere/./b//c/", "/nowhere/b/c"), ("/a/../../nowhere", "/nowhere"), ("/", "/"),
    ])
  func pathsAreMadePlain(path: String, expected: String) {
    #expect(Files.absolute(path) == expected)
  }

  @Test("Mount points are read with their spaces") func mountPointsAreReadWithTheirSpaces() {
    let text = """
      22 1 0:20 / / rw - ext4 /dev/root rw
      23 22 0:21 / /mnt/a\\040b\\134c rw,relatime shared:1 - tmpfs none rw
      """
    #expect(MountTable.points(text) == ["/", "/mnt/a b\\c"])
  }
}
