using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

public sealed class TestNamesTests
{
    private const string Space = "namespace A.B;\n\n";

    [Fact]
    public void Tests_are_found_however_they_are_declared() => Assert.Equal(["A.B.First.One", "A.B.First.Two", "A.B.Second.Three", "A.B.Second.Four"], TestNames.In("using System;\n\n" + Space + """
        public sealed class First
        {
            [Fact]
            public void One() => Assert.True(true);

            [Theory]
            [InlineData(1)] // the least
            // and the most
            [InlineData(2)]
            public async Task Two(int value)
            {
            }

            private static void Helper() { }
        }

        internal static partial class Helpers
        {
            public static void None() { }
        }

        public abstract partial class Second(int x)
        {
            [Fact(Timeout = 1000)]
            public Task Three() => Task.CompletedTask;

            [Fact]
            public static async ValueTask<int> Four() => 4;
        }
        """));
}
