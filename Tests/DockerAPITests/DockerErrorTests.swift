import DockerAPI
import Testing

@Suite struct DockerErrorTests {
  @Test("Says its message") func saysItsMessage() {
    #expect("\(DockerError(status: 409, "in use"))" == "in use")
  }
}
