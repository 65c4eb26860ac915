`timescale 1ns / 1ps

module @MODULE@_tb;

@CONSTANTS@

  reg clk = 1'b0, rst = 1'b1;
  integer now = 0, moved = 0, wrong = 0, n_read = 0, i;
  reg [BUS_BITS-1:0] writes [0:WRITES-1], reads [0:READS-1], one;
  reg [PIXEL_BITS-1:0] images [0:IMAGES*PIXELS-1];
  reg [SHOWN_BITS-1:0] shown [0:IMAGES-1], image;
  reg [DATA_BITS-1:0] answer;
  integer label, n_spikes, cycles;

  always #5 clk = ~clk;

  // Whoever waits longer than anything can take waits for ever.
  always @(posedge clk) begin
    now <= now + 1;
    if (now - moved > PATIENCE) begin
      $display("FAIL: for %0d cycles nothing has moved", PATIENCE);
      $fatal(1);
    end
  end

  task check(input [8*16-1:0] what, input integer number, input integer got, input integer right);
    if (got !== right) begin
      wrong = wrong + 1;
      if (wrong <= 10) $display("%0s of %0d must be %0h, not %0h", what, number, right, got);
    end
  endtask

@DRIVER@

  initial begin
    $readmemh("bus_writes.mem", writes);
    $readmemh("images.mem", images);
    $readmemh("presentations.mem", shown);
    $readmemh("bus_reads.mem", reads);
    if (^{writes[WRITES-1], images[IMAGES*PIXELS-1], shown[IMAGES-1], reads[READS-1]} === 1'bx) begin
      $display("FAIL: the files *.mem must be whole, and in the folder in which this runs");
      $fatal(1);
    end
    idle;
    repeat (RESET_CYCLES) @(negedge clk);
    rst = 1'b0;
    // A request that writes is answered with 0.
    for (i = 0; i < LOADED; i = i + 1) begin
      one = writes[i];
      ask(one, answer);
      check("answer to write", i, answer, {DATA_BITS{1'b0}});
    end
    $display("%0d words written in %0d cycles", LOADED, now);
    for (i = 0; i < IMAGES; i = i + 1) begin
      image = shown[i];
      show(i, image[LEARN_AT+:1], image[GIVEN_AT+:LABEL_BITS], label, n_spikes, cycles);
      check("label", i, label, image[LABEL_AT+:LABEL_BITS]);
      check("spikes", i, n_spikes, image[N_SPIKES_AT+:N_SPIKES_BITS]);
      if (EXACT) check("cycles", i, cycles, image[CYCLES_AT+:CYCLES_BITS]);
    end
    $display("%0d images presented", IMAGES);
    for (i = 0; i < READS; i = i + (i < OTHERS_READ ? 1 : STRIDE)) begin
      one = reads[i];
      ask(one, answer);
      check("word read", i, answer, one[DATA_AT+:DATA_BITS]);
      n_read = n_read + 1;
    end
    if (wrong != 0) begin
      $display("FAIL: %0d of %0d answers are not golden's", wrong, LOADED + (2 + EXACT) * IMAGES + n_read);
      $fatal(1);
    end
    $display("PASS: %0d words written, %0d images and %0d words read are golden's", LOADED, IMAGES, n_read);
    $finish;
  end

endmodule
