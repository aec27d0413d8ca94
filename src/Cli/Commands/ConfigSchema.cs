using System.CommandLine;

namespace Agentic.Cli;

/// <summary><c>agentic config schema</c>: the JSON Schema of <c>agentic.json</c>, for editors that complete.</summary>
internal static class ConfigSchema
{
    public static Command Create(Terminal terminal) =>
        new Command("schema", "The JSON Schema of agentic.json, for editors that complete.").Runs(terminal, run =>
        {
            run.Terminal.Out.WriteLine(SettingsSchema.Of(typeof(Settings)).ToJsonString(OptionsJson.Serializer));
            return ExitCode.Ok;
        });
}
