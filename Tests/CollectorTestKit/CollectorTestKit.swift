/// A collector for tests that misbehaves on demand: in this process, on a port that the kernel chooses.
package enum CollectorTestKit {}
