using System.CommandLine;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary><c>agentic model convert</c>: any model we read as a HuggingFace folder, with its tokenizer.</summary>
internal static class ModelConvert
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelOption.Required();
        var type = Choice.Of("--dtype", "Type of the stored numbers.", ComputeType.Float32);
        var output = new Option<string>("--out") { Description = "Folder of the copy.", HelpName = "DIR", Required = true };
        return new Command("convert", "Writes a model as a HuggingFace folder, its tokenizer beside it.") { model, type, output }.Runs(terminal, run =>
        {
            var (source, folder) = (run.Get(model)!, run.Get(output)!);
            ModelFiles.RefuseOccupied(folder);
            var (read, tokenizer) = ModelFolder.Load(source, new ComputeOptions { Device = DeviceChoice.Cpu });
            using (read)
            {
                tokenizer.CopyTo(folder);
                read.Save(folder, run.Get(type));
            }

            var facts = ModelFiles.Describe(folder);
            run.Report(facts, console => Tables.Pairs(console, facts));
            return ExitCode.Ok;
        });
    }
}
