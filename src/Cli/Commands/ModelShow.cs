using System.CommandLine;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic model show</c>: the shape of a model, after reading and checking every weight.</summary>
internal static class ModelShow
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelOption.Required();
        return new Command("show", "Describes a model, after reading and checking every weight.") { model }.Runs(terminal, run =>
        {
            var folder = run.Get(model)!;
            using (CausalLm.Load(folder, new ComputeOptions { Device = DeviceChoice.Cpu }))
            {
                var facts = ModelFiles.Describe(folder);
                run.Report(facts, console => Tables.Pairs(console, facts));
            }

            return ExitCode.Ok;
        });
    }
}
