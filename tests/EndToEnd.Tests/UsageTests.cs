namespace Agentic.EndToEnd.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("confg", "did you mean 'config'?")]
    [InlineData("config shwo", "did you mean 'show'?")]
    [InlineData("config show --jsn", "did you mean '--json'?")]
    [InlineData("config", "needs a command: schema, show, validate")]
    [InlineData("config show --config", "--config")]
    [InlineData("config show extra", "'extra' is one argument too many")]
    [InlineData("ask --index i --polcy symbolic who", "did you mean '--policy'?")]
    public async Task A_mistyped_command_line_is_refused_with_the_nearest_name(string typed, string hint)
    {
        var run = await CommandLine.RunAsync(typed.Split(' '));

        run.Refused(hint, "--help");
    }

    [Fact]
    public async Task Without_a_command_the_quick_start_is_named()
    {
        var run = await CommandLine.RunAsync();

        run.Refused("agentic quickstart");
    }

    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_not_read_as_a_file_of_arguments()
    {
        var run = await CommandLine.RunAsync("@config");

        run.Refused("no command '@config'");
    }

    [Fact]
    public async Task Set_without_an_equals_sign_is_refused_with_the_form()
    {
        var run = await CommandLine.RunAsync("config", "show", "--set", "x");

        run.Refused("--set x: write path=value");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("config --help")]
    [InlineData("--version")]
    public async Task Help_and_version_are_results_not_errors(string typed)
    {
        var run = await CommandLine.RunAsync(typed.Split(' '));

        Assert.Equal(0, run.Code);
        Assert.NotEqual("", run.Out);
        Assert.Equal("", run.Error);
    }
}
